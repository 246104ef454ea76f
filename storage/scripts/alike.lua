-- KEYS: items, answers, records that we did not make. ARGV: beginning of the keys of what items are filed under, most items of one term,
--       then for each item its id and the terms it is looked for under (lines).
-- Ids that begin with 'books:' are such records'.
-- Gives for each item the others as {value, answer ('' for none)}, one after the other; newest of a term.
local answers = {}
for at = 3, #ARGV, 2 do
  local seen, found = { [ARGV[at]] = true }, {}
  for term in string.gmatch(ARGV[at + 1], '[^\n]+') do
    for _, other in ipairs(redis.call('ZREVRANGE', ARGV[1] .. term, 0, ARGV[2] - 1)) do
      if not seen[other] then
        seen[other] = true
        local pair = ARGV[at] < other and ARGV[at] .. '|' .. other or other .. '|' .. ARGV[at]
        local value = redis.call('HGET', string.sub(other, 1, 6) == 'books:' and KEYS[3] or KEYS[1], other)
        if value then
          found[#found + 1] = value
          found[#found + 1] = redis.call('HGET', KEYS[2], pair) or ''
        end
      end
    end
  end
  answers[#answers + 1] = found
end
return answers
