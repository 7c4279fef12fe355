using System.Collections.Immutable;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Ownership;

/// <summary>Ranks members for a chunk by weighted rendezvous hashing.</summary>
/// <remarks>
/// Every member draws a number u in (0, 1) for the chunk, and the cost of its draw is -ln(u) / weight: exponentially distributed, so that
/// the lowest cost falls to each member in proportion to its weight. A member's draw depends on nothing but itself and the chunk, so a member that
/// joins takes chunks from each of the others, one that leaves gives its own to the next in their lists, and nothing else moves.
/// <para>
/// The draws of a member for 64 consecutive chunks of an object fall one into each 64th of (0, 1), in an order of the member's own. That makes shares of
/// one object more even than independent draws would: three members and 1,000 chunks differ by over 15 % for 1.4 % of objects instead of 17 %.
/// </para>
/// <para>
/// All processes must find the same order. Integers decide nearly everything; the logarithm uses only operations that IEEE 754 rounds
/// exactly (<see cref="NaturalLog"/>), in a fixed order of members.
/// </para>
/// </remarks>
internal sealed class RendezvousHash
{
    private const int StratumBits = 6;
    private const ulong StratumMask = (1UL << StratumBits) - 1;

    private readonly ImmutableArray<Member> _members; // ascending ids: of equal costs the first wins
    private readonly ulong[] _seeds;
    private readonly double[] _weights;

    public RendezvousHash(Epoch epoch)
    {
        _members = epoch.Members;

        // One alone is first whatever it draws. A process that stands alone hashes nothing until it is asked for something, and takes
        // 6 MiB less when idle: those of OpenSSL, which has the hash.
        _seeds = _members is [_] ? [0] : [.. _members.Select(member => (ulong)StableHash.Of("member", member.Id))];
        _weights = [.. _members.Select(member => member.Weight)];
    }

    /// <summary>Returns the member with the lowest cost; null if there are no members.</summary>
    public Member? First(UInt128 objectHash, long chunkIndex)
    {
        var block = BlockHash(objectHash, chunkIndex);
        var best = -1;
        var lowest = double.PositiveInfinity;
        for (var i = 0; i < _seeds.Length; i++)
        {
            if (TryBeat(lowest, block, chunkIndex, i, out var cost))
            {
                lowest = cost;
                best = i;
            }
        }

        return best < 0 ? null : _members[best];
    }

    /// <summary>Fills <paramref name="ranked"/> with the members of the lowest costs, ascending, and returns how many there are.</summary>
    public int Rank(UInt128 objectHash, long chunkIndex, Span<Member> ranked)
    {
        var count = Math.Min(ranked.Length, _seeds.Length);
        if (count == 0)
        {
            return 0;
        }

        var block = BlockHash(objectHash, chunkIndex);
        Span<double> costs = count <= 128 ? stackalloc double[128] : new double[count];
        costs = costs[..count];
        costs.Fill(double.PositiveInfinity);
        var found = 0;
        for (var i = 0; i < _seeds.Length; i++)
        {
            if (!TryBeat(costs[^1], block, chunkIndex, i, out var cost))
            {
                continue;
            }

            // Insertion from the end: the lists are short, and equal costs keep the order of ids.
            var place = Math.Min(found, count - 1);
            for (; place > 0 && costs[place - 1] > cost; place--)
            {
                costs[place] = costs[place - 1];
                ranked[place] = ranked[place - 1];
            }

            costs[place] = cost;
            ranked[place] = _members[i];
            found = Math.Min(found + 1, count);
        }

        return count;
    }

    /// <summary>True, with the cost, if the member's is below <paramref name="bound"/>.</summary>
    /// <remarks>
    /// -ln(u) is at least 1 - u, so that most members are out as soon as the stratum of their draw is known, and of 100 members about six take a
    /// logarithm. The shortcuts cannot differ between processes: 1 - u and the comparisons are exact operations on equal numbers.
    /// </remarks>
    private bool TryBeat(double bound, ulong block, long chunkIndex, int member, out double cost)
    {
        var weight = _weights[member];
        var limit = bound * weight;
        var key = Mix(block ^ _seeds[member]);
        var stratum = Permute(key, (ulong)chunkIndex & StratumMask);
        if ((StratumMask - stratum) * (1.0 / (1 << StratumBits)) < limit)
        {
            var draw = Draw(key, stratum, chunkIndex);
            if (1 - draw < limit)
            {
                cost = -NaturalLog.Of(draw) / weight;
                return cost < bound;
            }
        }

        cost = 0;
        return false;
    }

    /// <summary>Hash of the object and of the run of 64 chunks that the chunk is in.</summary>
    private static ulong BlockHash(UInt128 objectHash, long chunkIndex)
    {
        var block = (ulong)chunkIndex >> StratumBits;
        return Mix((ulong)objectHash + Mix((ulong)(objectHash >> 64) ^ Mix(block)));
    }

    /// <summary>Returns a number within the stratum: an odd multiple of 2^-53, so never 0 or 1.</summary>
    private static double Draw(ulong key, ulong stratum, long chunkIndex)
    {
        var rest = Mix(key + ((ulong)chunkIndex * 0x9E3779B97F4A7C15UL)) >> StratumBits;
        var bits = (stratum << (64 - StratumBits)) | rest;
        return ((bits >> 11) | 1) * (1.0 / (1UL << 53));
    }

    /// <summary>A permutation of 0…63 that the key picks. Each step can be undone: an odd factor, a sum, a shift onto itself.</summary>
    private static ulong Permute(ulong key, ulong stratum)
    {
        for (var round = 0; round < 3; round++)
        {
            stratum = ((stratum * (key | 1)) + (key >> StratumBits)) & StratumMask;
            stratum ^= stratum >> 3;
            key >>= 2 * StratumBits;
        }

        return stratum;
    }

    /// <summary>SplitMix64's finalizer (Stafford's variant 13): each input bit flips each output bit with a probability within 0.5 % of a half.</summary>
    private static ulong Mix(ulong value)
    {
        value ^= value >> 30;
        value *= 0xBF58476D1CE4E5B9UL;
        value ^= value >> 27;
        value *= 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
