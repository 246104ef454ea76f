-- KEYS: items, answers, what items are looked for under, records that we did not make, then the sorted sets of the stages of a page (none: by id).
-- ARGV: beginning of the keys of what items are filed under, most items of one term, then of a page its offset
--       and limit, else the items' ids.
-- Ids that begin with 'books:' are such records'.
-- Gives how many there are, then for each item {value, other, answer ('' for none), other, answer, ...}.
local ids, total = {}, 0
if #KEYS == 4 then
  for at = 3, #ARGV do ids[#ids + 1] = ARGV[at] end
  total = #ids
else
  local offset, limit = tonumber(ARGV[3]), tonumber(ARGV[4])
  local newest = {}
  for place = 5, #KEYS do
    total = total + redis.call('ZCARD', KEYS[place])
    local members = redis.call('ZREVRANGE', KEYS[place], 0, offset + limit - 1, 'WITHSCORES')
    for at = 1, #members, 2 do newest[#newest + 1] = { members[at], tonumber(members[at + 1]) } end
  end
  -- As ZREVRANGE sorts: items of one file came at one moment, and each must be on one page only.
  table.sort(newest, function(one, other)
    if one[2] ~= other[2] then return one[2] > other[2] end
    return one[1] > other[1]
  end)
  for at = offset + 1, math.min(offset + limit, #newest) do ids[#ids + 1] = newest[at][1] end
end
local answer = { total }
for _, id in ipairs(ids) do
  local value = redis.call('HGET', KEYS[1], id)
  if value then
    local seen, found = { [id] = true }, { value }
    for term in string.gmatch(redis.call('HGET', KEYS[3], id) or '', '[^\n]+') do
      for _, other in ipairs(redis.call('ZREVRANGE', ARGV[1] .. term, 0, ARGV[2] - 1)) do
        if not seen[other] then
          seen[other] = true
          local pair = id < other and id .. '|' .. other or other .. '|' .. id
          local stands = redis.call('HGET', string.sub(other, 1, 6) == 'books:' and KEYS[4] or KEYS[1], other)
          if stands then
            found[#found + 1] = stands
            found[#found + 1] = redis.call('HGET', KEYS[2], pair) or ''
          end
        end
      end
    end
    answer[#answer + 1] = found
  end
end
return answer
