-- KEYS: items, publications, open, what items are looked for under, then one sorted set for each stage.
-- ARGV: id, value expected, new value, score, place of the new stage among KEYS,
--       publication id ('' for none), publication, time of its step ('' when it is recorded),
--       beginning of the keys of what items are filed under, what it no longer is, what it is now, what it
--       is looked for under now (lines; "=": as before).
-- 1 when changed.
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
for place = 5, #KEYS do
  if place == tonumber(ARGV[5]) then
    redis.call('ZADD', KEYS[place], ARGV[4], ARGV[1])
  else
    redis.call('ZREM', KEYS[place], ARGV[1])
  end
end
if ARGV[6] ~= '' then
  redis.call('HSET', KEYS[2], ARGV[6], ARGV[7])
  if ARGV[8] == '' then
    redis.call('ZREM', KEYS[3], ARGV[6])
  else
    redis.call('ZADD', KEYS[3], ARGV[8], ARGV[6])
  end
end
for term in string.gmatch(ARGV[10], '[^\n]+') do redis.call('ZREM', ARGV[9] .. term, ARGV[1]) end
for term in string.gmatch(ARGV[11], '[^\n]+') do
  redis.call('ZADD', ARGV[9] .. term, ARGV[4], ARGV[1])
  if string.sub(term, 1, 2) == 'w:' then redis.call('ZADD', ARGV[9] .. 'words', 0, string.sub(term, 3)) end
end
if ARGV[12] ~= '=' then redis.call('HSET', KEYS[4], ARGV[1], ARGV[12]) end
return 1
