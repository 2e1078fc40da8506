-- Sends one call with its placeholders filled in, and prints what wrk counted as a line of JSON.
-- Arguments: method, path, body, a file with an id per line, the number of threads.

local threads = 0

function setup(thread)
  thread:set("first", threads)
  threads = threads + 1
end

-- Every thread has ids of its own, so that no two threads change one task.
function init(args)
  method, path, body = args[1], args[2], args[3]
  headers = { ["Content-Type"] = "application/json" }
  ids, sent = {}, 0
  local line = 0
  for id in io.lines(args[4]) do
    if line % tonumber(args[5]) == first then
      ids[#ids + 1] = id
    end
    line = line + 1
  end
end

function request()
  local pass = math.floor(sent / #ids)
  local values = {
    id = ids[sent % #ids + 1],
    n = tostring(sent),
    completed = tostring(pass % 2 == 0),
  }
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
