-- One row per department and as-of date: the pledge, the training and the four practices.
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
