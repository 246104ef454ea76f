-- KEYS: lists. ARGV: beginning of the lists' keys, most entries of one name, then pairs of kind and name.
-- Gives pairs of kind and entry.
local found = {}
for at = 3, #ARGV, 2 do
  local kind, name = ARGV[at], ARGV[at + 1]
  local generation = redis.call('HGET', KEYS[1], 'g:' .. kind)
  if generation then
    local base = ARGV[1] .. generation .. ':' .. kind
    local ids = {}
    if string.sub(name, 1, 2) == 'i:' then
      ids[1] = string.sub(name, 3)
    else
      for id in string.gmatch(redis.call('HGET', base .. ':names', name) or '', '[^\n]+') do
        if #ids < tonumber(ARGV[2]) then ids[#ids + 1] = id end
      end
    end
    for _, id in ipairs(ids) do
      local entry = redis.call('HGET', base .. ':entries', id)
      if entry then
        found[#found + 1] = kind
        found[#found + 1] = entry
      end
    end
  end
end
return found
