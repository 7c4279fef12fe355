using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Security;
using CsCheck;

namespace ChunkProxy.Cache.Tests.Peers;

public sealed class SealedBlocksTests
{
    [Fact]
    public void EndOf_AnySlice_BlocksJoinToItAndTheLengthCountsTheirTags() =>
        Gen.Select(Gen.Int[0, 3_000_000], Gen.Int[1, 3_000_000], Gen.Bool).Sample((offset, length, isInMemory) =>
        {
            var grid = isInMemory ? SealedBlocks.GridInMemory : SealedBlocks.GridOnTheWay;
            var sealing = new SealedBlocks(grid);
            var slice = new Slice(0, offset, length);
            var blocks = 0;
            for (var position = offset; position < slice.End; blocks++)
            {
                var end = sealing.EndOf(slice, position);
                Assert.InRange(end, position + 1, Math.Min(slice.End, position + grid));
                position = end;
            }

            Assert.Equal(length + (blocks * BlockTags.Size), sealing.LengthOf(slice));
        });
}
