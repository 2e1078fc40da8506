// What rrule.js (https://github.com/jkbrzt/rrule, BSD-3-Clause) makes of rules. Reads {"most": n, "rules": [{"first",
// "rrule"}]}, writes a list of lists of local times. Times are given to it as if they were in UTC, so no zone matters.
// Where too little fits a rule it looks on until the year 9999; null stands for not waiting for that.
const vm = require("vm");
const { rrulestr } = require("rrule");

const PATIENCE = 500; // milliseconds
const { most, rules } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const compact = (text) => text.replace(/[-:]/g, "");
const expand = ({ first, rrule }) => {
  const rule = rrulestr(`DTSTART:${compact(first)}Z\nRRULE:${rrule.replace(/UNTIL=(\w+)/, "UNTIL=$1Z")}`);
  return rule.all((_, place) => place < most).slice(0, most).map((date) => date.toISOString().slice(0, 19));
};
const answers = rules.map((rule) => {
  try {
    return vm.runInNewContext("expand()", { expand: () => expand(rule) }, { timeout: PATIENCE });
  } catch (error) {
    if (error.code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    return null;
  }
});
process.stdout.write(JSON.stringify(answers));
