using ChunkProxy.Cache.Tiers.Memory;
using CsCheck;

namespace ChunkProxy.Cache.Tests.Tiers.Memory;

public sealed class RegionAllocatorTests
{
    private const int Regions = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(256)]
    public void TryAllocate_AnyOrderOfBlocks_FailsOnlyWhereNoRunIsLongEnoughAndNeverOverlaps(int pagesPerRegion) =>
        Gen.Select(Gen.Bool, Gen.Int[1, pagesPerRegion], Gen.Int[0, 1000]).List[1, 200].Sample(steps =>
        {
            var allocator = new RegionAllocator(Regions, pagesPerRegion);
            var taken = new bool[Regions, pagesPerRegion];
            var blocks = new List<(int Region, int Page, int Pages)>();
            foreach (var (allocate, pages, pick) in steps)
            {
                if (allocate)
                {
                    var possible = Enumerable.Range(0, Regions).Any(region => LongestFree(taken, region) >= pages);
                    Assert.Equal(possible, allocator.TryAllocate(pages, out var region, out var page));
                    if (possible)
                    {
                        Mark(taken, (region, page, pages), from: false);
                        blocks.Add((region, page, pages));
                    }
                }
                else if (blocks.Count > 0)
                {
                    var block = blocks[pick % blocks.Count];
                    blocks.Remove(block);
                    Mark(taken, block, from: true);
                    allocator.Free(block.Region, block.Page, block.Pages);
                }

                Assert.Equal(taken.Cast<bool>().Count(page => !page), allocator.FreePages);
            }
        });

    [Fact]
    public void Free_Twice_Throws()
    {
        var allocator = new RegionAllocator(1, 256);
        Assert.True(allocator.TryAllocate(100, out var region, out var page));
        allocator.Free(region, page, 100);

        Assert.Throws<InvalidOperationException>(() => allocator.Free(region, page, 100));
    }

    [Fact]
    public void TryAllocate_SmallBlocks_GatherInOneRegion()
    {
        var allocator = new RegionAllocator(Regions, 256);
        for (var i = 0; i < 256; i++)
        {
            Assert.True(allocator.TryAllocate(1, out _, out _));
        }

        Assert.Equal(1, allocator.FirstUnused);
    }

    private static void Mark(bool[,] taken, (int Region, int Page, int Pages) block, bool from)
    {
        for (var page = block.Page; page < block.Page + block.Pages; page++)
        {
            Assert.Equal(from, taken[block.Region, page]);
            taken[block.Region, page] = !from;
        }
    }

    private static int LongestFree(bool[,] taken, int region)
    {
        var (longest, run) = (0, 0);
        for (var page = 0; page < taken.GetLength(1); page++)
        {
            run = taken[region, page] ? 0 : run + 1;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
