-- KEYS: lists. ARGV: beginning of the lists' keys, kind, use ('' for any), most entries, most words looked at,
--       then the typed words.
-- Gives entries by name. The rarest typed word is looked up, the others are looked for in what it finds.
local generation = redis.call('HGET', KEYS[1], 'g:' .. ARGV[2])
if not generation then return {} end
local base = ARGV[1] .. generation .. ':' .. ARGV[2]
local from, to, fewest = '[\0', '(\1', nil
for at = 6, #ARGV do
  local low, high = '[' .. ARGV[at], '[' .. ARGV[at] .. '\255'
  local count = redis.call('ZLEXCOUNT', base .. ':words', low, high)
  if not fewest or count < fewest then from, to, fewest = low, high, count end
end
local picked, seen = {}, {}
for _, member in ipairs(redis.call('ZRANGEBYLEX', base .. ':words', from, to, 'LIMIT', 0, ARGV[5])) do
  local name, text, id, use = string.match(member, '^[^%z]*%z([^%z]*)%z([^%z]*)%z([^%z]*)%z(.*)$')
  local fits = not seen[id] and (ARGV[3] == '' or use == ARGV[3] or use == 'both')
  for at = 6, #ARGV do
    fits = fits and string.find(' ' .. text, ' ' .. ARGV[at], 1, true)
  end
  if fits then
    seen[id] = true
    picked[#picked + 1] = { name, id }
  end
end
table.sort(picked, function(a, b) return a[1] < b[1] or (a[1] == b[1] and a[2] < b[2]) end)
local entries = {}
for at = 1, math.min(#picked, tonumber(ARGV[4])) do
  entries[at] = redis.call('HGET', base .. ':entries', picked[at][2])
end
return entries
