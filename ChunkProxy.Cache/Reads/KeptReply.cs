namespace ChunkProxy.Cache.Reads;

/// <summary>A completely read reply, for any number of clients, or for a single client if it must not be shared.</summary>
/// <param name="status">Its status.</param>
/// <param name="fields">Its end-to-end fields.</param>
/// <param name="body">Its body.</param>
/// <param name="generatedAt">When the origin generated it, by its age on arrival.</param>
/// <param name="isForAll">Whether several clients may get it.</param>
internal sealed class KeptReply(
    int status, IReadOnlyList<KeyValuePair<string, string>> fields, byte[] body, DateTimeOffset generatedAt, bool isForAll = true) : OriginReply(status)
{
    private int _isTaken;

    /// <summary>Most bytes in a body that is kept.</summary>
    public const int LongestBody = 64 * 1024;

    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; } = fields;

    public byte[] Body { get; } = body;

    internal override long Weight => Body.Length + Fields.Sum(it => 80L + (2 * (it.Key.Length + it.Value.Length)));

    public DateTimeOffset GeneratedAt => generatedAt;

    public bool IsForAll => isForAll;

    /// <summary>Takes the reply; false if it is for a single client and was already taken.</summary>
    public bool TryTake() => isForAll || Interlocked.Exchange(ref _isTaken, 1) == 0;

    public override PassedThroughAnswer? TryOpen(bool hasRange, bool hasConditions)
    {
        if (!TryTake())
        {
            return null;
        }

        var stream = new MemoryStream(Body, writable: false);
        return new PassedThroughAnswer(Status, Body.Length, Fields, stream, stream) { StoredFrom = isForAll ? generatedAt : null };
    }
}
