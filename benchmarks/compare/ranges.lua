-- Sends one kind of request to one server, and prints one line of figures at the end.
-- Arguments: seed, kind (range, whole or small), bytes of a range, bytes of a film, number of films, number of small files.
local kind, range, size, films, files

function init(args)
  math.randomseed(tonumber(args[1])) -- the same requests for every server of a round
  kind, range, size, films, files = args[2], tonumber(args[3]), tonumber(args[4]), tonumber(args[5]), tonumber(args[6])
end

function request()
  if kind == "small" then
    return wrk.format("GET", "/small/" .. math.random(0, files - 1))
  end
  local path = "/film/" .. math.random(0, films - 1)
  if kind == "whole" then
    return wrk.format("GET", path)
  end
  local first = math.random(0, size - range)
  return wrk.format("GET", path, { ["Range"] = "bytes=" .. first .. "-" .. (first + range - 1) })
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format("figures %.0f %.0f %.0f %.0f %.0f", summary.bytes, summary.duration, summary.requests, latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
