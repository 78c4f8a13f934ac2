{{ lignes_en_quarantaine(ref('base_enquete__reponses')) }}
