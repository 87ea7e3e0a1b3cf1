INSERT INTO day_counter (group_id, day, members, suspended, open_complaints, opening_invalid, joined, lost, churned_voluntary, churned_involuntary, ported_out, complaints, survey_answers, survey_score_thousandths, developed, billed, billed_fen, newly_suspended, left_company)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
ON CONFLICT (group_id, day) DO UPDATE SET
    members = members + excluded.members,
    suspended = suspended + excluded.suspended,
    open_complaints = open_complaints + excluded.open_complaints,
    opening_invalid = opening_invalid + excluded.opening_invalid,
    joined = joined + excluded.joined,
    lost = lost + excluded.lost,
    churned_voluntary = churned_voluntary + excluded.churned_voluntary,
    churned_involuntary = churned_involuntary + excluded.churned_involuntary,
    ported_out = ported_out + excluded.ported_out,
    complaints = complaints + excluded.complaints,
    survey_answers = survey_answers + excluded.survey_answers,
    survey_score_thousandths = survey_score_thousandths + excluded.survey_score_thousandths,
    developed = developed + excluded.developed,
    billed = billed + excluded.billed,
    billed_fen = billed_fen + excluded.billed_fen,
    newly_suspended = newly_suspended + excluded.newly_suspended,
    left_company = left_company + excluded.left_company
