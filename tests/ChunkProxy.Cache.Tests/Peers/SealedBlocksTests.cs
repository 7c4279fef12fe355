using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Security;
using CsCheck;

namespace ChunkProxy.Cache.Tests.Peers;

public sealed class SealedBlocksTests
{
    [Fact]
    public void EndOf_AnySlice_BlocksJoinToItAndTheLengthCountsTheirTags() =>
        Gen.Select(Gen.Int[0, 3_000_000], Gen.Int[1, 3_000_000]).Sample((offset, length) =>
        {
            var slice = new Slice(0, offset, length);
            var blocks = 0;
            for (var position = offset; position < slice.End; blocks++)
            {
                var end = SealedBlocks.EndOf(slice, position);
                Assert.InRange(end, position + 1, Math.Min(slice.End, position + SealedBlocks.Grid));
                position = end;
            }

            Assert.Equal(length + (blocks * BlockTags.Size), SealedBlocks.LengthOf(slice));
        });
}
