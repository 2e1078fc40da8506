-- Sends one call with its placeholders filled in, and prints what wrk counted as a line of JSON.
-- Arguments: method, path, body, a file of drawn values, the number of threads. The file names its columns in the first
-- line and has a request's values in each of the others.

local threads = 0

function setup(thread)
  thread:set("first", threads)
  threads = threads + 1
end

-- Every thread has lines of its own, so that no two threads change one task.
function init(args)
  method, path, body = args[1], args[2], args[3]
  headers = { ["Content-Type"] = "application/json" }
  drawn, sent = {}, 0
  local names, line = nil, 0
  for text in io.lines(args[4]) do
    local words = {}
    for word in text:gmatch("%S+") do
      words[#words + 1] = word
    end
    if names == nil then
      names = words
    else
      if line % tonumber(args[5]) == first then
        local values = {}
        for place, name in ipairs(names) do
          values[name] = words[place]
        end
        drawn[#drawn + 1] = values
      end
      line = line + 1
    end
  end
end

function request()
  local pass = math.floor(sent / #drawn)
  local values = drawn[sent % #drawn + 1]
  values.n = tostring(sent)
  values.completed = tostring(pass % 2 == 0)
  sent = sent + 1
  return wrk.format(method, (path:gsub("%$(%l+)", values)), headers, (body:gsub("%$(%l+)", values)))
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "microseconds": %d, "refused": %d, "broken": %d, "p50": %d, "p99": %d}\n',
    summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)
  ))
end
