-- KEYS: words. ARGV: beginning of the keys of what items are filed under a word, most words that begin with a typed
--       one, most items of a word, how many words were typed, the typed words, then words of which one is enough.
-- Gives the ids of items that have a word beginning with each typed word, or one of the last words; newest first.
local base, most_words, most, number = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

local function filed(word, into)
  local found = redis.call('ZREVRANGE', base .. word, 0, most - 1, 'WITHSCORES')
  for at = 1, #found, 2 do into[found[at]] = tonumber(found[at + 1]) end
end

local kept
for at = 5, 4 + number do
  local found, both = {}, {}
  local low, high = '[' .. ARGV[at], '[' .. ARGV[at] .. '\255'
  for _, word in ipairs(redis.call('ZRANGEBYLEX', KEYS[1], low, high, 'LIMIT', 0, most_words)) do
    filed(word, found)
  end
  for id, score in pairs(found) do
    if not kept or kept[id] then both[id] = score end
  end
  kept = both
end
kept = kept or {}
for at = 5 + number, #ARGV do filed(ARGV[at], kept) end
local ids = {}
for id in pairs(kept) do ids[#ids + 1] = id end
table.sort(ids, function(a, b) return kept[a] > kept[b] or (kept[a] == kept[b] and a > b) end)
return ids
