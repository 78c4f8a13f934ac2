-- One row a customer and a date on which we look at them: the first of each month, and the business date.
-- Only customers with a contract in force that day. Everything here was known on the evening of as_of.
{{ config(indexes=[{'columns': ['client_id', 'as_of'], 'unique': true}]) }}

with contrats as (
    select * from {{ ref('int_contrats') }}
),

debut as (
    select date_trunc('month', min(demande_at at time zone 'Europe/Paris')) + interval '3 months' as premier_mois
    from {{ ref('int_interventions') }}
),

dates as (
    select generate_series(premier_mois, {{ date_metier() }}::timestamp, '1 month')::date as as_of from debut
    union
    select {{ date_metier() }}
),

en_vigueur as (
    select
        dates.as_of,
        contrats.*,
        precedents.montant_annuel_eur as montant_precedent_eur
    from dates
    inner join contrats on {{ contrat_actif('contrats', 'dates.as_of') }}
    left join contrats as precedents on contrats.contrat_precedent_id = precedents.contrat_id
),

en_cours as (
    select
        client_id,
        as_of,
        count(*)::integer as nb_contrats_actifs,
        sum(montant_annuel_eur) as montant_contrat_annuel,
        max(nb_visites_an) as nb_visites_an,
        min(date_fin) as prochaine_echeance,
        round(max(montant_annuel_eur / nullif(montant_precedent_eur, 0)) - 1, 4) as hausse_prix
    from en_vigueur
    group by client_id, as_of
),

passe as (
    select
        en_cours.client_id,
        en_cours.as_of,
        min(contrats.date_debut) as premier_contrat,
        count(*) filter (where contrats.date_fin < en_cours.as_of) as nb_echus,
        count(*) filter (
            where contrats.date_fin < en_cours.as_of and suites.date_debut <= en_cours.as_of
        ) as nb_renouveles
    from en_cours
    inner join contrats on en_cours.client_id = contrats.client_id and contrats.date_debut <= en_cours.as_of
    left join contrats as suites on contrats.contrat_id = suites.contrat_precedent_id
    group by en_cours.client_id, en_cours.as_of
),

-- The only column that looks ahead: the target.
futur as (
    select
        en_cours.client_id,
        en_cours.as_of,
        true as resilie_3m
    from en_cours
    inner join contrats
        on en_cours.client_id = contrats.client_id
        and contrats.date_resiliation > en_cours.as_of
        and contrats.date_resiliation <= en_cours.as_of + interval '3 months'
    group by en_cours.client_id, en_cours.as_of
)

select
    en_cours.client_id,
    en_cours.as_of,
    {{ fin_de_jour('en_cours.as_of') }} as connu_jusqu_a,
    en_cours.nb_contrats_actifs,
    en_cours.montant_contrat_annuel,
    en_cours.nb_visites_an,
    en_cours.hausse_prix,
    round((en_cours.prochaine_echeance - en_cours.as_of) / 30.4375, 2) as mois_avant_echeance,
    (extract(year from age(en_cours.as_of, passe.premier_contrat)) * 12
        + extract(month from age(en_cours.as_of, passe.premier_contrat)))::integer as anciennete_mois,
    round(passe.nb_renouveles::numeric / nullif(passe.nb_echus, 0), 4) as taux_renouvellement,
    case
        when en_cours.as_of + interval '3 months' <= {{ date_metier() }} then coalesce(futur.resilie_3m, false)
    end as resilie_3m
from en_cours
inner join passe on en_cours.client_id = passe.client_id and en_cours.as_of = passe.as_of
left join futur on en_cours.client_id = futur.client_id and en_cours.as_of = futur.as_of
