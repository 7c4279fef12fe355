using System.Globalization;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Ownership;

/// <summary>One membership of the cluster, with its number.</summary>
/// <remarks>
/// The number is a fingerprint of what determines ownership: the members' ids and weights. Two processes have equal numbers exactly when they agree
/// on the owner of every chunk, wherever their memberships came from and whatever changed in between. Numbers are not ordered: see
/// docs/decisions/0003-ownership.md.
/// </remarks>
public sealed class Epoch
{
    private readonly Lazy<ulong> _number;

    /// <param name="members">The members, in any order, with distinct ids.</param>
    public Epoch(IEnumerable<Member> members)
    {
        Members = [.. members.OrderBy(member => member.Id, StringComparer.Ordinal)];
        for (var i = 1; i < Members.Count; i++)
        {
            if (Members[i - 1].Id == Members[i].Id)
            {
                throw new ArgumentException($"Duplicate member {Members[i].Id}.", nameof(members));
            }
        }

        _number = new(() => StableHash.Of([.. Members.SelectMany(IEnumerable<string> (member) => [member.Id, WeightText(member)])]).Low);
    }

    /// <summary>The empty membership, as seen by a front end without members.</summary>
    public static Epoch Empty { get; } = new([]);

    /// <summary>Fingerprint of the ids and weights: equal exactly if they are equal. Numbers are not ordered.</summary>
    /// <remarks>Computed on first use: see <see cref="RendezvousHash"/>.</remarks>
    public ulong Number => _number.Value;

    /// <summary>The members by ascending id (ordinal).</summary>
    public IReadOnlyList<Member> Members { get; }

    /// <summary>Returns the member with the id; null if there is none.</summary>
    public Member? Find(string id)
    {
        var low = 0;
        var high = Members.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            switch (string.CompareOrdinal(Members[middle].Id, id))
            {
                case 0:
                    return Members[middle];
                case < 0:
                    low = middle + 1;
                    break;
                default:
                    high = middle - 1;
                    break;
            }
        }

        return null;
    }

    /// <summary>
    /// Returns whether the members are equal in every property, including those that do not affect ownership (version, start time, role).
    /// </summary>
    public bool SameMembersAs(Epoch other) => Number == other.Number && Members.SequenceEqual(other.Members);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Number:x16} ({string.Join(", ", Members)})");

    private static string WeightText(Member member) => member.Weight.ToString("R", CultureInfo.InvariantCulture);
}
