-- One call to an organisation: rate over a sliding window and slots with a lease, in one step.
-- KEYS: minute, slots, block, day, how many at once (as the plan has it).
-- ARGV: call id, window ms, calls a window, slots, lease ms, per cent of the day that are not for this call.
-- Gives {ms to wait, why}: 0 is go; 'turn', 'minute': ask again then; 'block', 'day', 'reserve': nothing before
-- that.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local blocked = redis.call('PTTL', KEYS[3])
if blocked > 0 then return { blocked, 'block' } end
local remaining = redis.call('HGET', KEYS[4], 'remaining')
local resets = math.max(1, redis.call('PTTL', KEYS[4]))
if remaining and tonumber(remaining) <= 0 then return { resets, 'day' } end
local reserve = (tonumber(redis.call('HGET', KEYS[4], 'limit') or 0)) * tonumber(ARGV[6]) / 100
if remaining and tonumber(remaining) <= reserve and reserve > 0 then return { resets, 'reserve' } end
local slots = tonumber(redis.call('GET', KEYS[5]) or ARGV[4])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
if redis.call('ZCARD', KEYS[2]) >= slots then return { 50, 'turn' } end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[2]))
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then
  -- Free again when so many of the oldest have left the window that one more fits.
  local over = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[3])
  local oldest = redis.call('ZRANGE', KEYS[1], over, over, 'WITHSCORES')
  return { math.max(1, tonumber(oldest[2]) + tonumber(ARGV[2]) - now), 'minute' }
end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('ZADD', KEYS[2], now + tonumber(ARGV[5]), ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
if remaining then redis.call('HINCRBY', KEYS[4], 'remaining', -1) end
return { 0, 'go' }
