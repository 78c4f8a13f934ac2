"""A small feat_churn made from known causes: monthly rows of clients who leave with a hazard we know."""

from __future__ import annotations

import numpy as np
import pandas as pd

HORIZON_MONTHS = 3
COEFFICIENTS = {
    "satisfaction_moyenne": -0.9,
    "nb_reclamations": 0.8,
    "nb_interventions_retard": 0.35,
    "jours_dernier_contact": 0.006,
    "anciennete_mois": -0.015,
}


def synthetic_feat_churn(n_clients: int = 400, n_months: int = 18, seed: int = 0) -> pd.DataFrame:
    """Rows (client_id, as_of); resilie_3m null for the last three months; `verite` = true probability."""
    rng = np.random.default_rng(seed)
    months = pd.date_range("2024-05-01", periods=n_months + HORIZON_MONTHS, freq="MS")
    taste = rng.normal(3.9, 0.6, n_clients)
    segment = rng.choice(["Bronze", "Argent", "Or"], n_clients, p=[0.5, 0.35, 0.15])
    price = np.round(rng.gamma(6, 60, n_clients) + 150, 2)
    start = rng.integers(1, 80, n_clients)
    response = rng.beta(2, 3, n_clients)
    rows = []
    left = np.full(n_clients, 10_000)
    for m, month in enumerate(months):
        taste = np.clip(taste + rng.normal(0, 0.12, n_clients), 1, 5)
        complaints = rng.poisson(np.clip(0.5 * (4.2 - taste), 0.02, None))
        late = rng.poisson(0.6, n_clients)
        silence = rng.gamma(2, 60, n_clients).round()
        z = (
            -4.1
            + COEFFICIENTS["satisfaction_moyenne"] * (taste - 3.9)
            + COEFFICIENTS["nb_reclamations"] * complaints
            + COEFFICIENTS["nb_interventions_retard"] * late
            + COEFFICIENTS["jours_dernier_contact"] * (silence - 120)
            + COEFFICIENTS["anciennete_mois"] * (start + m - 40)
            + np.where(segment == "Or", -0.5, 0.0)
        )
        hazard = 1 / (1 + np.exp(-z))
        truth = 1 - (1 - hazard) ** 1.6
        active = left > m
        leaves = active & (rng.random(n_clients) < hazard)
        # whoever decides this month is gone within the horizon
        left[leaves] = m + rng.integers(1, HORIZON_MONTHS + 1, leaves.sum())
        rows.append(
            pd.DataFrame(
                {
                    "client_id": np.arange(n_clients) + 1,
                    "as_of": month.date(),
                    "satisfaction_moyenne": np.where(rng.random(n_clients) < 0.1, np.nan, taste.round(2)),
                    "nb_notes_inferieures_3": rng.poisson(np.clip(3.2 - taste, 0.02, None)),
                    "jours_dernier_contact": silence,
                    "taux_reponse_enquete": response.round(2),
                    "nb_reclamations": complaints,
                    "anciennete_mois": start + m,
                    "segment": segment,
                    "montant_contrat_annuel": price,
                    "taux_renouvellement": (response * 0 + rng.beta(8, 2, n_clients)).round(2),
                    "nb_interventions_retard": late,
                    "zone_id": rng.integers(1, 8, n_clients),
                    "verite": truth,
                    "_mois": m,
                }
            )[active]
        )
    frame = pd.concat(rows, ignore_index=True)
    gone = left[frame["client_id"].to_numpy() - 1] - frame["_mois"].to_numpy()
    label = pd.Series((gone <= HORIZON_MONTHS) & (gone > 0)).astype(object)
    label[frame["_mois"].to_numpy() >= n_months] = None
    frame["resilie_3m"] = label
    return frame.drop(columns="_mois")
