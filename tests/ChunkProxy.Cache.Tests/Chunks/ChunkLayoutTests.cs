using ChunkProxy.Cache.Chunks;
using CsCheck;

namespace ChunkProxy.Cache.Tests.Chunks;

public sealed class ChunkLayoutTests
{
    private static readonly Gen<(ChunkLayout Layout, ByteRange Range)> LayoutsWithARange =
        from chunkSize in Gen.Int[1, 5000]
        from size in Gen.Long[1, 1_000_000]
        from start in Gen.Long[0, size - 1]
        from end in Gen.Long[start + 1, size]
        select (new ChunkLayout(chunkSize, size), new ByteRange(start, end));

    [Fact]
    public void SliceAt_OneAfterTheOtherInAnyRange_JoinToExactlyThatRange() =>
        LayoutsWithARange.Sample(it =>
        {
            var at = it.Range.Start;
            foreach (var slice in it.Layout.Slices(it.Range))
            {
                Assert.Equal(at, it.Layout.StartOf(slice.ChunkIndex) + slice.Offset);
                Assert.InRange(slice.Length, 1, it.Layout.LengthOf(slice.ChunkIndex) - slice.Offset);
                at += slice.Length;
            }

            Assert.Equal(it.Range.End, at);
        });

    [Fact]
    public void Chunks_OfAnyLayout_CoverTheObjectOnce() =>
        LayoutsWithARange.Sample(it =>
        {
            var total = 0L;
            for (var index = 0L; index < it.Layout.ChunkCount; index++)
            {
                Assert.Equal(total, it.Layout.StartOf(index));
                Assert.InRange(it.Layout.LengthOf(index), 1, it.Layout.ChunkSize);
                total += it.Layout.LengthOf(index);
            }

            Assert.Equal(it.Layout.ObjectSize, total);
        });

    [Fact]
    public void ChunkCount_OfAnEmptyObject_IsZero() => Assert.Equal(0, new ChunkLayout(1024, 0).ChunkCount);

    [Fact]
    public void SliceAt_NearTheLargestSize_DoesNotOverflow()
    {
        var layout = new ChunkLayout(1 << 20, long.MaxValue);
        var slice = layout.SliceAt(long.MaxValue - 10, long.MaxValue);
        Assert.Equal(10, slice.Length);
        Assert.Equal(long.MaxValue - 10, layout.StartOf(slice.ChunkIndex) + slice.Offset);
    }
}
