-- KEYS: items, externals, what items are looked for under, then one sorted set for each stage.
-- ARGV: beginning of the keys of what items are filed under, then for each item its id, the value expected ('' where
--       it is new), new value, score, place of the new stage among KEYS, external id, what it no longer is filed
--       under, what it is now, what it is looked for under now (lines).
-- A word to be found by (`w:…`) is also kept among the words. All or nothing: 1 when changed.
for at = 2, #ARGV, 9 do
  if (redis.call('HGET', KEYS[1], ARGV[at]) or '') ~= ARGV[at + 1] then return 0 end
  if ARGV[at + 1] == '' and redis.call('HEXISTS', KEYS[2], ARGV[at + 5]) == 1 then return 0 end
end
for at = 2, #ARGV, 9 do
  local id, score = ARGV[at], ARGV[at + 3]
  redis.call('HSET', KEYS[1], id, ARGV[at + 2])
  redis.call('HSET', KEYS[2], ARGV[at + 5], id)
  redis.call('HSET', KEYS[3], id, ARGV[at + 8])
  for place = 4, #KEYS do
    if place == tonumber(ARGV[at + 4]) then
      redis.call('ZADD', KEYS[place], score, id)
    else
      redis.call('ZREM', KEYS[place], id)
    end
  end
  for term in string.gmatch(ARGV[at + 6], '[^\n]+') do redis.call('ZREM', ARGV[1] .. term, id) end
  for term in string.gmatch(ARGV[at + 7], '[^\n]+') do
    redis.call('ZADD', ARGV[1] .. term, score, id)
    if string.sub(term, 1, 2) == 'w:' then redis.call('ZADD', ARGV[1] .. 'words', 0, string.sub(term, 3)) end
  end
end
return 1
