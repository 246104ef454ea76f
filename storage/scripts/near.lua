-- KEYS: lists. ARGV: beginning of the lists' keys, kind, most entries of one word, then the words.
-- Gives entries of which a word begins as one of these: as all of it, else as its first letters.
local generation = redis.call('HGET', KEYS[1], 'g:' .. ARGV[2])
if not generation then return {} end
local base = ARGV[1] .. generation .. ':' .. ARGV[2]
local seen, ids = {}, {}
for at = 4, #ARGV do
  local word, count, before = ARGV[at], 0, 0
  for _, length in ipairs({ #word, 6, 4, 3, 2 }) do
    if length <= #word and length ~= before and count < tonumber(ARGV[3]) then
      before = length
      local low = string.sub(word, 1, length)
      for _, member in ipairs(redis.call('ZRANGEBYLEX', base .. ':words', '[' .. low, '[' .. low .. '\255', 'LIMIT', 0,
        ARGV[3] - count)) do
        local id = string.match(member, '^[^%z]*%z[^%z]*%z[^%z]*%z([^%z]*)%z')
        count = count + 1
        if not seen[id] then
          seen[id] = true
          ids[#ids + 1] = id
        end
      end
    end
  end
end
local entries = {}
for at, id in ipairs(ids) do entries[at] = redis.call('HGET', base .. ':entries', id) end
return entries
