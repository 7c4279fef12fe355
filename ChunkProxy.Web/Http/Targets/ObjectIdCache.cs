using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Web.Http.Targets;

/// <summary>Remembers the objects that the last raw targets named: a hit saves the normal form and a SHA-256.</summary>
/// <remarks>
/// Direct-mapped, without locks: a slot holds one immutable entry, replaced as a whole, so a reader sees the old entry or the new one.
/// The string hash is seeded per process, so clients cannot aim at a slot. Bounded: long targets are not kept,
/// at most 1024 entries of 2 x 512 characters.
/// </remarks>
internal sealed class ObjectIdCache
{
    private const int Slots = 1024; // a power of two
    private const int LongestKept = 512;

    private readonly Entry?[] _entries = new Entry?[Slots];

    public ObjectId? Find(string rawTarget)
    {
        var entry = Volatile.Read(ref _entries[SlotOf(rawTarget)]);
        return entry is not null && entry.RawTarget == rawTarget ? entry.Id : null;
    }

    public void Keep(string rawTarget, ObjectId id)
    {
        if (rawTarget.Length <= LongestKept)
        {
            Volatile.Write(ref _entries[SlotOf(rawTarget)], new Entry(rawTarget, id));
        }
    }

    private static int SlotOf(string rawTarget) => rawTarget.GetHashCode(StringComparison.Ordinal) & (Slots - 1);

    private sealed record Entry(string RawTarget, ObjectId Id);
}
