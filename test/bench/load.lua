-- For wrk. With an argument, each request is a POST of the next line of that file as a form; without, the URL is fetched.
-- At the end one line of JSON says what happened: times in microseconds.

function init(arguments)
  if not arguments[1] then return end
  local headers = { ["Content-Type"] = "application/x-www-form-urlencoded" }
  local requests, last = {}, 0
  for form in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("POST", nil, headers, form)
  end
  function request()
    last = last % #requests + 1
    return requests[last]
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"duration":%d,"p50":%d,"p99":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout
  ))
end
