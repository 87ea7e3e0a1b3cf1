SELECT group_id, day, members, suspended, open_complaints, opening_invalid, joined, lost, churned_voluntary, churned_involuntary, ported_out, complaints, survey_answers, survey_score_thousandths, developed, billed, billed_fen, newly_suspended, left_company
FROM day_counter ORDER BY group_id, day
