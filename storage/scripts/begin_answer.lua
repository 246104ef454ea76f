-- KEYS: answer. ARGV: digest of the body, claim, lease ms, ms to keep.
-- {'mine', ''} for the first, and for who comes when the first one's lease is over; {'other', ''} for another
-- body; {'runs', ''} while the first one works; {'done', answer} afterwards.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local known = redis.call('HMGET', KEYS[1], 'body', 'answer', 'until')
if known[1] then
  if known[1] ~= ARGV[1] then return { 'other', '' } end
  if known[2] then return { 'done', known[2] } end
  if tonumber(known[3]) > now then return { 'runs', '' } end
end
redis.call('HSET', KEYS[1], 'body', ARGV[1], 'claim', ARGV[2], 'until', now + tonumber(ARGV[3]))
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return { 'mine', '' }
