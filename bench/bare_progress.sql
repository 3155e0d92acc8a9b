-- One row a department and as-of date: progress as one plain statement, nothing prepared.
with pledge_states as materialized (
with dates as (
    select unnest($dates) as as_of
),
edition_spans as (
    select
        edition,
        rank,
        starts_on,
        lead(starts_on, 1, 'infinity'::date) over (order by starts_on) as ends_before
    from editions
),
latest as (
    select as_of, department_id, max(pledged_on) as pledged_on
    from pledges
    cross join dates
    where pledged_on <= as_of
    group by as_of, department_id
),
in_force as (
    select
        as_of,
        department_id,
        pledged_on,
        edition,
        (pledged_on + to_months(deadline_months))::date as deadline_on,
        coalesce(completion_confirmed_on <= as_of, false) as confirmed,
        coalesce(completion_claimed_on <= as_of, false) as claimed
    from latest
    join pledges using (department_id, pledged_on)
    cross join spans
    where withdrawn_on is null or withdrawn_on > as_of
),
judged as (
    select
        dates.as_of,
        departments.department_id,
        latest.pledged_on is not null as ever_pledged,
        in_force.pledged_on,
        in_force.deadline_on,
        in_force.confirmed,
        in_force.claimed,
        coalesce(in_force.edition, edition_spans.edition) as edition
    from departments
    cross join dates
    left join latest using (as_of, department_id)
    left join in_force using (as_of, department_id)
    left join edition_spans
        on coalesce(in_force.pledged_on, dates.as_of) >= edition_spans.starts_on
        and coalesce(in_force.pledged_on, dates.as_of) < edition_spans.ends_before
)
select
    judged.as_of,
    judged.department_id,
    judged.edition,
    editions.rank,
    judged.pledged_on,
    judged.deadline_on,
    case
        when not judged.ever_pledged then 'not_pledged'
        when judged.pledged_on is null then 'withdrawn'
        when judged.confirmed then 'completed'
        when judged.claimed then 'awaiting_confirmation'
        when judged.as_of > judged.deadline_on then 'overdue'
        when judged.deadline_on - judged.as_of <= spans.due_soon_days then 'due_soon'
        else 'in_progress'
    end as stage
from judged
cross join spans
left join editions using (edition)
),
active_officers as materialized (
with dates as (
    select unnest($dates) as as_of
)
select dates.as_of, officers.department_id, officers.officer_id
from officers
cross join dates
where
    officers.sworn
    and (officers.joined_on is null or officers.joined_on <= dates.as_of)
    and (officers.left_on is null or officers.left_on > dates.as_of)
    and not (
        (officers.exempt_reason is not null or officers.exempt_until is not null)
        and (officers.exempt_until is null or officers.exempt_until >= dates.as_of)
    )
),
sworn_counts as materialized (
with dates as (
    select unnest($dates) as as_of
),
rostered as (
    select distinct department_id
    from officers
),
active as (
    select as_of, department_id, count(*) as officers
    from active_officers
    group by as_of, department_id
)
select
    dates.as_of,
    departments.department_id,
    rostered.department_id is not null as has_roster,
    case
        when rostered.department_id is not null then active.officers
        else nullif(departments.sworn_officers, 0)
    end as sworn
from departments
cross join dates
left join rostered using (department_id)
left join active using (as_of, department_id)
),
certificates as materialized (
select
    training.department_id,
    training.officer_id,
    training.sworn,
    courses.practice,
    courses.from_rank,
    training.completed_on,
    coalesce(
        training.expires_on,
        (training.completed_on + to_months(courses.valid_months))::date,
        'infinity'::date
    ) as valid_until
from training
join courses using (course)
),
trained_officers as materialized (
with counting as (
    select
        pledge_states.as_of,
        certificates.department_id,
        certificates.officer_id,
        certificates.practice,
        certificates.completed_on,
        certificates.valid_until,
        sworn_counts.has_roster
    from certificates
    join pledge_states using (department_id)
    join sworn_counts using (as_of, department_id)
    where
        certificates.from_rank <= pledge_states.rank
        and certificates.completed_on <= pledge_states.as_of
        and (sworn_counts.has_roster or coalesce(certificates.sworn, true))
),
counted as (
    select as_of, department_id, officer_id, practice, completed_on, valid_until
    from counting
    where not has_roster
    union all
    select
        counting.as_of,
        counting.department_id,
        counting.officer_id,
        counting.practice,
        counting.completed_on,
        counting.valid_until
    from counting
    join active_officers using (as_of, department_id, officer_id)
    where counting.has_roster
)
select
    as_of,
    department_id,
    officer_id,
    min(completed_on) filter (where practice = 'mhfa') as first_mhfa_on,
    max(valid_until) filter (where practice = 'mhfa') as mhfa_until,
    max(valid_until) filter (where practice = 'cit') as cit_until
from counted
group by as_of, department_id, officer_id
),
trained_counts as materialized (
with dates as (
    select unnest($dates) as as_of
),
records as (
    select dates.as_of, training.department_id, max(training.completed_on) as reported_on
    from training
    cross join dates
    where training.completed_on <= dates.as_of
    group by dates.as_of, training.department_id
),
from_records as (
    select
        as_of,
        department_id,
        count(*) filter (where mhfa_until >= as_of) as mhfa,
        count(*) filter (where cit_until >= as_of) as cit,
        count(*) filter (where mhfa_until >= as_of or cit_until >= as_of) as either,
        count(*) filter (where mhfa_until between as_of and as_of + expiring_days) as expiring,
        count(*) filter (where mhfa_until < as_of) as lapsed,
        count(*) filter (where first_mhfa_on > as_of - pace_days) as newly
    from trained_officers
    cross join spans
    group by as_of, department_id
),
latest_totals as (
    select dates.as_of, training_totals.department_id, max(training_totals.as_of) as reported_on
    from training_totals
    cross join dates
    where training_totals.as_of <= dates.as_of
    group by dates.as_of, training_totals.department_id
)
select
    records.as_of,
    records.department_id,
    'records' as source,
    records.reported_on,
    coalesce(from_records.mhfa, 0) as mhfa,
    coalesce(from_records.cit, 0) as cit,
    coalesce(from_records.either, 0) as low,
    coalesce(from_records.either, 0) as high,
    coalesce(from_records.expiring, 0) as expiring,
    coalesce(from_records.lapsed, 0) as lapsed,
    coalesce(from_records.newly, 0) as newly
from records
left join from_records using (as_of, department_id)
union all
select
    latest_totals.as_of,
    latest_totals.department_id,
    'totals' as source,
    latest_totals.reported_on,
    totals.mhfa_trained as mhfa,
    totals.cit_trained as cit,
    coalesce(
        totals.mhfa_trained + totals.cit_trained - totals.both_trained,
        greatest(totals.mhfa_trained, totals.cit_trained)
    ) as low,
    totals.mhfa_trained + totals.cit_trained - coalesce(totals.both_trained, 0) as high,
    null as expiring,
    null as lapsed,
    null as newly
from latest_totals
join training_totals totals
    on totals.department_id = latest_totals.department_id
    and totals.as_of = latest_totals.reported_on
anti join records
    on records.as_of = latest_totals.as_of
    and records.department_id = latest_totals.department_id
),
partnership_states as materialized (
with dates as (
    select unnest($dates) as as_of
)
select
    dates.as_of,
    partnerships.department_id,
    bool_or(partnerships.ended_on is null or partnerships.ended_on > dates.as_of) as active
from partnerships
cross join dates
where partnerships.signed_on <= dates.as_of
group by dates.as_of, partnerships.department_id
),
policy_states as materialized (
with dates as (
    select unnest($dates) as as_of
)
select distinct dates.as_of, pledges.department_id
from pledges
cross join dates
where pledges.policy_adopted_on <= dates.as_of
),
progress as materialized (
with counted as (
    select
        states.as_of,
        states.department_id,
        states.edition,
        states.pledged_on,
        states.deadline_on,
        states.stage,
        sworn_counts.sworn,
        coalesce(trained.source, 'none') as source,
        trained.reported_on,
        if(trained.mhfa > sworn_counts.sworn, sworn_counts.sworn, trained.mhfa) as mhfa_trained,
        if(trained.cit > sworn_counts.sworn, sworn_counts.sworn, trained.cit) as cit_trained,
        if(trained.low > sworn_counts.sworn, sworn_counts.sworn, trained.low) as trained_low,
        if(trained.high > sworn_counts.sworn, sworn_counts.sworn, trained.high) as trained_high,
        coalesce(
            greatest(trained.mhfa, trained.cit, trained.low) > sworn_counts.sworn, false
        ) as check_counts,
        trained.expiring,
        trained.lapsed,
        trained.newly
    from pledge_states states
    join sworn_counts using (as_of, department_id)
    left join trained_counts trained using (as_of, department_id)
),
needed as (
    select
        counted.as_of,
        counted.department_id,
        counted.edition,
        counted.pledged_on,
        counted.deadline_on,
        counted.stage,
        counted.sworn,
        counted.source,
        counted.reported_on,
        counted.mhfa_trained,
        counted.cit_trained,
        counted.trained_low,
        counted.trained_high,
        counted.check_counts,
        counted.expiring,
        counted.lapsed,
        counted.newly,
        (sworn * mhfa.numerator + mhfa.denominator - 1) // mhfa.denominator as mhfa_needed,
        (sworn * cit.numerator + cit.denominator - 1) // cit.denominator as cit_needed,
        if(mhfa.measure = 'either', trained_low, mhfa_trained) as mhfa_low,
        if(mhfa.measure = 'either', trained_high, mhfa_trained) as mhfa_high
    from counted
    left join needs mhfa on mhfa.practice = 'mhfa' and mhfa.edition = counted.edition
    left join needs cit on cit.practice = 'cit' and cit.edition = counted.edition
),
practised as (
    select
        needed.as_of,
        needed.department_id,
        needed.edition,
        needed.pledged_on,
        needed.deadline_on,
        needed.stage,
        needed.sworn,
        needed.source,
        needed.reported_on,
        needed.mhfa_trained,
        needed.cit_trained,
        needed.trained_low,
        needed.trained_high,
        needed.check_counts,
        needed.expiring,
        needed.lapsed,
        needed.newly,
        case
            when partnerships.active then 'met'
            when not partnerships.active then 'not_met'
            else 'not_reported'
        end as partnership,
        if(policies.department_id is not null, 'met', 'not_reported') as policy,
        case
            when sworn is null or source = 'none' then 'not_reported'
            when mhfa_low >= mhfa_needed then 'met'
            when mhfa_high < mhfa_needed then 'not_met'
            else 'unclear'
        end as mhfa,
        case
            when sworn is null or source = 'none' then 'not_reported'
            when cit_trained >= cit_needed then 'met'
            else 'not_met'
        end as cit,
        mhfa_needed - mhfa_low as gap
    from needed
    left join partnership_states partnerships using (as_of, department_id)
    left join policy_states policies using (as_of, department_id)
)
select
    practised.as_of,
    practised.department_id,
    departments.name,
    departments.type,
    departments.municipality,
    departments.county,
    departments.state,
    practised.edition,
    practised.pledged_on,
    practised.deadline_on,
    practised.stage,
    practised.sworn,
    practised.source,
    practised.reported_on,
    practised.mhfa_trained,
    practised.cit_trained,
    practised.trained_low,
    practised.trained_high,
    practised.partnership,
    practised.policy,
    practised.mhfa,
    practised.cit,
    (
        practised.partnership = 'met' and practised.policy = 'met'
        and practised.mhfa = 'met' and practised.cit = 'met'
    ) as compliant_today,
    practised.check_counts,
    practised.expiring as expiring_90d,
    practised.lapsed,
    practised.newly * 30.44::double / spans.pace_days as pace_per_month,
    if(
        practised.gap > 0 and practised.newly > 0,
        practised.as_of
        + ((practised.gap * spans.pace_days + practised.newly - 1) // practised.newly)::integer,
        null
    ) as projected_on
from practised
join departments using (department_id)
cross join spans
)
select
    as_of, department_id, name, type, municipality, county, state, edition, pledged_on,
    deadline_on, stage, sworn, source, reported_on, mhfa_trained, cit_trained, trained_low,
    trained_high, partnership, policy, mhfa, cit, compliant_today, check_counts, expiring_90d,
    lapsed, pace_per_month, projected_on
from progress
