-- One call of a key: at most so many in a sliding window. KEYS: calls, when keys were used.
-- ARGV: key id, window ms, calls a window. 0 when it may go on, else ms to wait.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[2]))
local calls = redis.call('ZCARD', KEYS[1])
if calls >= tonumber(ARGV[3]) then
  local oldest = redis.call('ZRANGE', KEYS[1], calls - tonumber(ARGV[3]), calls - tonumber(ARGV[3]), 'WITHSCORES')
  return math.max(1, tonumber(oldest[2]) + tonumber(ARGV[2]) - now)
end
-- Two calls of one microsecond are two members: the place tells them apart.
redis.call('ZADD', KEYS[1], now, time[1] .. '.' .. time[2] .. '.' .. calls)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('HSET', KEYS[2], ARGV[1], string.format('%.0f', now))
return 0
