using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.SuperHot;
using ChunkProxy.Testing.Fuzzing;

namespace ChunkProxy.Cache.Tests.Tiers.SuperHot;

/// <summary>Values in Redis, written by any process.</summary>
public sealed class SuperHotFuzzTests
{
    private static readonly ChunkKey Key = new(12345, 6);
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];

    [Fact]
    public void Check_AnyValue_IsTheChunkOrAMiss() => Fuzz.Bytes(
        [SuperHotValue.Encode(Key, Bytes)],
        value =>
        {
            if (SuperHotValue.Check(value, Key, Bytes.Length) is SuperHotReadOutcome.Hit)
            {
                Assert.Equal(Bytes, SuperHotValue.BytesOf(value).ToArray());
            }
        });
}
