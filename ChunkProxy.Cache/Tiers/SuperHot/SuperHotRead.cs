using StackExchange.Redis;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>Result of reading a chunk from Redis. Dispose of it when its bytes are no longer needed.</summary>
internal readonly struct SuperHotRead(SuperHotReadOutcome outcome, Lease<byte>? value, SuperHotSeal seal) : IDisposable
{
    public SuperHotReadOutcome Outcome { get; } = outcome;

    /// <summary>The bytes of the chunk, for <see cref="SuperHotReadOutcome.Hit"/> only.</summary>
    public ReadOnlySpan<byte> Bytes => seal.BytesOf(value!.Span);

    public void Dispose() => value?.Dispose();
}
