-- depends_on: {{ ref('bilan_lignes') }}
-- One row a contract of a valid customer, as of the business date.
with contrats as (
    select contrats.*
    from {{ ref('stg_erp__contrats') }} as contrats
    inner join {{ ref('stg_erp__clients') }} as clients on contrats.client_id = clients.client_id
),

suites as (
    select distinct contrat_precedent_id from contrats where contrat_precedent_id is not null
)

select
    contrats.contrat_id,
    contrats.client_id,
    contrats.reference,
    contrats.date_debut,
    contrats.date_fin,
    contrats.montant_annuel_eur,
    contrats.nb_visites_an,
    contrats.statut,
    contrats.date_resiliation,
    contrats.motif_resiliation,
    contrats.contrat_precedent_id,
    suites.contrat_precedent_id is not null as est_renouvele,
    least(contrats.date_fin, contrats.date_resiliation) as date_fin_effective,
    {{ contrat_actif('contrats', date_metier()) }} as est_actif,
    contrats.updated_at
from contrats
left join suites on contrats.contrat_id = suites.contrat_precedent_id
