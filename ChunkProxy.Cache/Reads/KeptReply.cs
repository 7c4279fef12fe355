using ChunkProxy.Cache.Lookup;

namespace ChunkProxy.Cache.Reads;

/// <summary>A reply that was read to its end, for any number of clients.</summary>
internal sealed class KeptReply(int status, IReadOnlyList<KeyValuePair<string, string>> fields, byte[] body) : OriginReply(status)
{
    /// <summary>Longer bodies are not kept, in bytes.</summary>
    public const int LongestBody = 64 * 1024;

    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; } = fields;

    public byte[] Body { get; } = body;

    internal override long Weight => Body.Length + Fields.Sum(it => 80L + (2 * (it.Key.Length + it.Value.Length)));

    public override PassedThroughAnswer TryOpen(bool hasRange, bool hasConditions)
    {
        var stream = new MemoryStream(Body, writable: false);
        return new PassedThroughAnswer(Status, Body.Length, Fields, stream, stream);
    }
}
