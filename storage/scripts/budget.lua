-- One call to an organisation: rate over a sliding window and slots with a lease, in one step.
-- KEYS: minute, slots, block, day.
-- ARGV: call id, window ms, calls a window, slots, lease ms.
-- Gives {ms to wait, why}: 0 is go; 'turn': ask again then; 'block', 'day': nothing before that.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local blocked = redis.call('PTTL', KEYS[3])
if blocked > 0 then return { blocked, 'block' } end
local remaining = redis.call('HGET', KEYS[4], 'remaining')
if remaining and tonumber(remaining) <= 0 then return { math.max(1, redis.call('PTTL', KEYS[4])), 'day' } end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[4]) then return { 50, 'turn' } end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[2]))
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then
  -- Free again when so many of the oldest have left the window that one more fits.
  local over = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[3])
  local oldest = redis.call('ZRANGE', KEYS[1], over, over, 'WITHSCORES')
  return { math.max(1, tonumber(oldest[2]) + tonumber(ARGV[2]) - now), 'turn' }
end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('ZADD', KEYS[2], now + tonumber(ARGV[5]), ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
if remaining then redis.call('HINCRBY', KEYS[4], 'remaining', -1) end
return { 0, 'go' }
