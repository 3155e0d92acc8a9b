-- One row per department: where to draw it. Its town comes first, because coordinates in agency
-- lists are often the middle of the county; then its own coordinates, then its county.
select
    departments.department_id,
    case
        when town_names.latitude is not null then town_names.latitude
        when departments.latitude + departments.longitude is not null then departments.latitude
        else counties.latitude
    end as latitude,
    case
        when town_names.latitude is not null then town_names.longitude
        when departments.latitude + departments.longitude is not null then departments.longitude
        else counties.longitude
    end as longitude,
    case
        when town_names.latitude is not null then 'municipality'
        when departments.latitude + departments.longitude is not null then 'coordinates'
        when counties.latitude is not null then 'county'
        else 'unknown'
    end as placed_by
from departments
left join town_names
    on town_names.state = departments.state
    and town_names.municipality = lower(departments.municipality)
left join counties
    on counties.state = departments.state
    and lower(counties.county) = lower(departments.county)
