-- KEYS: lists, rules. ARGV: beginning of the lists' keys, most entries of one name, as JSON what stands before a
--       name in a rule's key by kind of list, as JSON the list of each field of a rule, how many pairs of kind and
--       name there are, then these pairs, then keys of rules.
-- Gives {pairs of kind and entry, rules}: the entries found, the rules asked for and those of suppliers and
-- customers that were found, and what these rules name.
local before, fields = cjson.decode(ARGV[3]), cjson.decode(ARGV[4])
local first_rule = 6 + 2 * tonumber(ARGV[5])
local bases, entries, seen, keys = {}, {}, {}, {}

local function base_of(kind)
  if bases[kind] == nil then
    local generation = redis.call('HGET', KEYS[1], 'g:' .. kind)
    bases[kind] = generation and ARGV[1] .. generation .. ':' .. kind or false
  end
  return bases[kind]
end

local function find(kind, name)
  local base = base_of(kind)
  if not base then return end
  local ids = {}
  if string.sub(name, 1, 2) == 'i:' then
    ids[1] = string.sub(name, 3)
  else
    for id in string.gmatch(redis.call('HGET', base .. ':names', name) or '', '[^\n]+') do
      if #ids < tonumber(ARGV[2]) then ids[#ids + 1] = id end
    end
  end
  for _, id in ipairs(ids) do
    local place = kind .. ':' .. id
    local entry = not seen[place] and redis.call('HGET', base .. ':entries', id)
    if entry then
      seen[place] = true
      entries[#entries + 1] = kind
      entries[#entries + 1] = entry
      local key = before[kind] and cjson.decode(entry).k
      if key then keys[before[kind] .. key] = true end
    end
  end
end

for at = 6, first_rule - 1, 2 do find(ARGV[at], ARGV[at + 1]) end
for at = first_rule, #ARGV do keys[ARGV[at]] = true end
local rules = {}
for key in pairs(keys) do
  local stored = redis.call('HGET', KEYS[2], key)
  if stored then
    rules[#rules + 1] = stored
    local rule = cjson.decode(stored)['is']
    for field, kind in pairs(fields) do
      if type(rule[field]) == 'string' and rule[field] ~= '' then find(kind, 'i:' .. rule[field]) end
    end
    if type(rule.currency) == 'string' and rule.currency ~= '' then
      find('currencies', 'n:' .. string.lower(rule.currency))
    end
  end
end
return { entries, rules }
