"""Pictures and voice notes: what bytes really are, pictures drawn anew, and how they come and go.

    goods                what a parcel is made of
    formats picture      what bytes are, by their heads; pictures drawn anew
    incoming outgoing    one direction each, pure
    parcels              both, for one talk

What a voice note is made of is in `stranger.voice`.
"""
