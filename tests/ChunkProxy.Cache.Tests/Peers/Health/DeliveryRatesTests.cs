using ChunkProxy.Cache.Peers.Health;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Tests.Peers.Health;

public sealed class DeliveryRatesTests
{
    private const long MiB = 1 << 20;

    private readonly DeliveryRates _rates = new(Options.Create(new PeerOptions { MinRate = ByteSize.KiB(16) }));

    [Fact]
    public void LeastOf_NothingKnown_IsTheMinRate() => Assert.Equal(16 * 1024, _rates.LeastOf("slow"));

    [Fact]
    public void LeastOf_OthersDeliver_IsAnEighthOfTheirMedian()
    {
        Deliver("slow", MiB / 8);
        Deliver("a", 1 * MiB);
        Deliver("b", 4 * MiB);
        Deliver("c", 2 * MiB);

        Assert.Equal(MiB / 4, _rates.LeastOf("slow"));
    }

    [Fact]
    public void LeastOf_ItsOwnDeliveries_DoNotCount()
    {
        Deliver("fast", 8 * MiB);

        Assert.Equal(16 * 1024, _rates.LeastOf("fast"));
    }

    [Fact]
    public void LeastOf_OthersAreFastAndTheOriginIsSlow_IsAnEighthOfTheOrigins()
    {
        Deliver("a", 8 * MiB);
        Deliver(null, MiB);

        Assert.Equal(MiB / 8, _rates.LeastOf("slow"));
    }

    [Fact]
    public void LeastOf_NoOtherMember_IsAnEighthOfTheOrigins()
    {
        Deliver(null, 2 * MiB);

        Assert.Equal(MiB / 4, _rates.LeastOf("slow"));
    }

    [Fact]
    public void LeastOf_OthersDeliverAtMemorySpeed_IsOneMebibyteASecond()
    {
        Deliver("a", 5000 * MiB);
        for (var i = 0; i < 8; i++)
        {
            _rates.Note("b", 10 * MiB, TimeSpan.Zero);
        }

        Assert.Equal(MiB, _rates.LeastOf("slow"));
    }

    [Fact]
    public void LeastOf_FewOrSmallDeliveries_SayNothing()
    {
        for (var i = 0; i < 7; i++)
        {
            _rates.Note("a", 8 * MiB, TimeSpan.FromSeconds(1));
        }

        for (var i = 0; i < 100; i++)
        {
            _rates.Note("b", 1000, TimeSpan.FromTicks(1));
        }

        Assert.Equal(16 * 1024, _rates.LeastOf("slow"));
    }

    [Fact]
    public void LeastOf_OthersBecomeSlow_Falls()
    {
        Deliver("a", 8 * MiB);
        for (var i = 0; i < 10; i++)
        {
            Deliver("a", MiB / 8);
        }

        Assert.InRange(_rates.LeastOf("slow"), 16 * 1024, 20 * 1024);
    }

    [Fact]
    public void Note_MoreMembersThanAClusterHas_IsBounded()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _rates.Note($"member-{i}", MiB, TimeSpan.FromSeconds(1));
        }

        Assert.InRange(_rates.Members, 1, 256);
    }

    private void Deliver(string? member, long bytesPerSecond)
    {
        for (var i = 0; i < 8; i++)
        {
            if (member is null)
            {
                _rates.NoteOrigin(bytesPerSecond, TimeSpan.FromSeconds(1));
            }
            else
            {
                _rates.Note(member, bytesPerSecond, TimeSpan.FromSeconds(1));
            }
        }
    }
}
