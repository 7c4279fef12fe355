using ChunkProxy.Web.Clients;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Web.Tests.Clients;

public sealed class ByteBucketTests
{
    private const int KiB = 1024;

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Take_Idle_GivesTheBurstAtOnceThenPiecesAtTheRate()
    {
        var bucket = new ByteBucket(16 * KiB, 4 * KiB, _time);

        Assert.Equal((4 * KiB, 0), Take(bucket, 100 * KiB));
        Assert.Equal((KiB, 62.5), Take(bucket, 100 * KiB));
        Assert.Equal((KiB, 125), Take(bucket, 100 * KiB));
        _time.Advance(TimeSpan.FromMilliseconds(125));
        Assert.Equal((KiB, 62.5), Take(bucket, 100 * KiB));
    }

    [Fact]
    public void Take_LessThanAPiece_WaitsForThatOnly()
    {
        var bucket = new ByteBucket(16 * KiB, 0, _time);

        Assert.Equal((512, 31.25), Take(bucket, 512));
    }

    [Fact]
    public void Take_AfterAPause_HasNoMoreThanTheBurst()
    {
        var bucket = new ByteBucket(16 * KiB, 4 * KiB, _time);
        Take(bucket, 4 * KiB);

        _time.Advance(TimeSpan.FromMilliseconds(125));
        Assert.Equal((2 * KiB, 0), Take(bucket, 100 * KiB));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal((4 * KiB, 0), Take(bucket, 100 * KiB));
    }

    [Fact]
    public void GiveBack_OfAPiece_IsAsIfItHadNotBeenTaken()
    {
        var bucket = new ByteBucket(16 * KiB, 0, _time);
        Take(bucket, KiB);

        bucket.GiveBack(KiB);

        Assert.Equal((KiB, 62.5), Take(bucket, KiB));
    }

    [Theory]
    [InlineData(1024, 1024)]
    [InlineData(1024 * KiB, 64 * KiB)]
    [InlineData(1L << 40, 1024 * KiB)]
    public void Take_AnyRate_PieceIsASixteenthOfASecondWithinBounds(long rate, int piece) => Assert.Equal(piece, Take(new ByteBucket(rate, 0, _time), int.MaxValue).Bytes);

    [Fact]
    public void Take_AnyOrder_NeverExceedsBurstAndRate() => Gen.Select(
        Gen.Int[1024, 1 << 20], Gen.Int[0, 1 << 20], Gen.Select(Gen.Int[1, 1 << 20], Gen.Int[0, 2000]).Array[1, 50]).Sample((rate, burst, steps) =>
    {
        var time = new FakeTimeProvider();
        var start = time.GetTimestamp();
        var bucket = new ByteBucket(rate, burst, time);
        var sent = 0L;
        foreach (var (wanted, pause) in steps)
        {
            var taken = bucket.Take(wanted, out var delay);
            Assert.InRange(taken, 1, wanted);
            time.Advance(delay);
            sent += taken;
            Assert.InRange(sent, 0, burst + (rate * time.GetElapsedTime(start).TotalSeconds) + 1);
            time.Advance(TimeSpan.FromMilliseconds(pause));
        }
    });

    private static (int Bytes, double Milliseconds) Take(ByteBucket bucket, int wanted)
    {
        var taken = bucket.Take(wanted, out var delay);
        return (taken, delay.TotalMilliseconds);
    }
}
