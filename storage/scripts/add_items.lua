-- KEYS: items, externals, what items are looked for under, then one sorted set for each stage.
-- ARGV: beginning of the keys of what items are filed under, then for each item external id, id, value, score,
--       place of its stage among KEYS, what it is filed under, what it is looked for under (lines).
-- A word to be found by (`w:…`) is also kept among the words, whose beginnings are looked up.
-- Gives for each the value that stands: '' when it is new.
local stands = {}
for at = 2, #ARGV, 7 do
  local known = redis.call('HGET', KEYS[2], ARGV[at])
  if known then
    stands[#stands + 1] = redis.call('HGET', KEYS[1], known)
  else
    redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1])
    redis.call('HSET', KEYS[1], ARGV[at + 1], ARGV[at + 2])
    redis.call('ZADD', KEYS[tonumber(ARGV[at + 4])], ARGV[at + 3], ARGV[at + 1])
    redis.call('HSET', KEYS[3], ARGV[at + 1], ARGV[at + 6])
    for term in string.gmatch(ARGV[at + 5], '[^\n]+') do
      redis.call('ZADD', ARGV[1] .. term, ARGV[at + 3], ARGV[at + 1])
      if string.sub(term, 1, 2) == 'w:' then redis.call('ZADD', ARGV[1] .. 'words', 0, string.sub(term, 3)) end
    end
    stands[#stands + 1] = ''
  end
end
return stands
