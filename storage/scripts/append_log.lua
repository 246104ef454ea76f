-- KEYS: log, its last hash, history by item, items whose thread is behind.
-- ARGV: last hash expected ('' for none), then for each entry its content, its hash and the item it is about ('' for none).
-- 1 when appended, 0 when another process was first.
if (redis.call('GET', KEYS[2]) or '') ~= ARGV[1] then return 0 end
for at = 2, #ARGV, 3 do
  local place = redis.call('XADD', KEYS[1], '*', 'entry', ARGV[at], 'hash', ARGV[at + 1])
  local item = ARGV[at + 2]
  if item ~= '' then
    redis.call('ZADD', KEYS[3], 0, item .. '|' .. place)
    redis.call('ZADD', KEYS[4], 'NX', string.match(place, '%d+'), item)
  end
end
redis.call('SET', KEYS[2], ARGV[#ARGV - 1])
return 1
