using System.Collections.Immutable;
using System.Globalization;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Ownership;

/// <summary>One membership, with its number.</summary>
/// <remarks>
/// The number is a fingerprint of all that decides ownership: the members' ids and weights. Two processes have equal numbers exactly when
/// they agree about the owner of every chunk, whatever source their memberships came from and whatever happened to it in between.
/// Numbers have no order: see docs/decisions/0003-ownership.md.
/// </remarks>
public sealed class Epoch
{
    private readonly Lazy<ulong> _number;

    /// <param name="members">In any order; ids differ.</param>
    public Epoch(IEnumerable<Member> members)
    {
        Members = [.. members.OrderBy(member => member.Id, StringComparer.Ordinal)];
        for (var i = 1; i < Members.Length; i++)
        {
            if (Members[i - 1].Id == Members[i].Id)
            {
                throw new ArgumentException($"{Members[i].Id} is there twice.", nameof(members));
            }
        }

        _number = new(() => (ulong)StableHash.Of([.. Members.SelectMany(IEnumerable<string> (member) => [member.Id, WeightText(member)])]));
    }

    /// <summary>The membership of nobody: what a front end has that sees no member.</summary>
    public static Epoch Empty { get; } = new([]);

    /// <summary>Equal for equal ids and weights; without order.</summary>
    /// <remarks>Computed when first asked for: see <see cref="RendezvousHash"/>.</remarks>
    public ulong Number => _number.Value;

    /// <summary>By id, ascending (ordinal).</summary>
    public ImmutableArray<Member> Members { get; }

    /// <summary>Returns the member of that id; null if there is none.</summary>
    public Member? Find(string id)
    {
        var low = 0;
        var high = Members.Length - 1;
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

    /// <summary>True if not even what is only told to people differs (version, start time, role).</summary>
    public bool SameMembersAs(Epoch other) => Number == other.Number && Members.AsSpan().SequenceEqual(other.Members.AsSpan());

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Number:x16} ({string.Join(", ", Members)})");

    private static string WeightText(Member member) => member.Weight.ToString("R", CultureInfo.InvariantCulture);
}
