using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class PromotionAccountsTests
{
    private const int Length = 100;

    [Fact]
    public void Of_ReadAgainAmongOthers_KeepsItsAccount()
    {
        var accounts = new PromotionAccounts(limit: 10);
        Read(accounts, 0);
        for (var other = 1; other < 100; other++)
        {
            Read(accounts, other);
            if (other % 5 == 0)
            {
                _ = accounts.Of(KeyOf(0));
            }
        }

        Assert.True(Read(accounts, 0)); // due: the first read was not forgotten
    }

    [Fact]
    public void Of_ManyOthersSince_StartsAnew()
    {
        var accounts = new PromotionAccounts(limit: 10);
        Read(accounts, 0);
        for (var other = 1; other < 100; other++)
        {
            Read(accounts, other);
        }

        Assert.False(Read(accounts, 0));
    }

    [Fact]
    public void Remove_InEitherGeneration_StartsAnew()
    {
        var accounts = new PromotionAccounts(limit: 2);
        foreach (var number in (int[])[0, 1, 2])
        {
            Read(accounts, number);
        }

        accounts.Remove(KeyOf(1));
        accounts.Remove(KeyOf(2));

        Assert.Equal([true, false, false], new[] { 0, 1, 2 }.Select(number => Read(accounts, number)));
    }

    private static ChunkKey KeyOf(int number) => new(7, number);

    // Reads the whole chunk. The next read is due for promotion.
    private static bool Read(PromotionAccounts accounts, int number) => accounts.Of(KeyOf(number)).Read(Length, Length, now: 1);
}
