using ChunkProxy.Cache.ZeroCopy;
using ChunkProxy.Web.Clients;
using ChunkProxy.Web.Http.Sending;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Tests.Http.Sending;

public sealed class ShapedBodyOutputTests : IDisposable
{
    private const int KiB = 1024;

    private static readonly TimeSpan Piece = TimeSpan.FromMilliseconds(62.5); // of 1 KiB

    private readonly SignallingTime _time = new();
    private readonly ByteBucket _bucket;
    private readonly ClientLimits _limits;
    private readonly byte[] _content = new byte[8 * KiB];
    private readonly FakeBodyOutput _inner = new();
    private PendingSends _sends;

    public ShapedBodyOutputTests()
    {
        new Random(3).NextBytes(_content);
        _bucket = new ByteBucket(16 * KiB, 4 * KiB, _time);
        var options = Options.Create(new ClientOptions { Rate = 16 * KiB });
        _limits = new ClientLimits(options, new TrustedProxies(options), _time);
        _sends = new PendingSends(share: long.MaxValue, mostOfOrigin: int.MaxValue, _time);
    }

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _inner.Dispose();
        _sends.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Write_MoreThanTheBurst_RestComesAtTheRate(bool hasSource)
    {
        using var output = Create();
        var source = new Source();
        var writing = hasSource ? output.WriteAsync(_content, source, Now).AsTask() : WriteAsync(output);

        for (var piece = 0; piece < 4; piece++)
        {
            await _time.WhenWaitedAsync(piece + 1);
            Assert.Equal(_content[..((4 + piece) * KiB)], _inner.Bytes);
            Assert.Equal(hasSource ? 100 : 0, _sends.HeldBytes);
            _time.Advance(Piece);
        }

        Assert.Equal(8 * KiB, await writing.Within());
        Assert.Equal(_content, _inner.Bytes);
        Assert.Equal(8 * KiB, output.BytesWritten);
        Assert.InRange(_limits.Delayed, 3.9 * Piece, 4.1 * Piece);
        Assert.Equal((0, 0), (source.GivenBack, _sends.HeldBytes));
    }

    [Fact]
    public async Task Write_SourceIsGivenBackWhileItWaits_RestIsPaidForWhenItIsOpenedAgain()
    {
        _sends.Dispose();
        _sends = new PendingSends(share: 0, mostOfOrigin: 0, _time); // given back at once
        using var output = Create();
        var source = new Source();

        for (var (sent, round) = (0, 1); sent < _content.Length; round++)
        {
            var bytes = _content[sent..];
            var writing = output.WriteAsync(bytes, source, Now);
            if (!writing.IsCompleted)
            {
                await _time.WhenWaitedAsync(round);
                Assert.Equal(round, source.GivenBack);
                Array.Clear(bytes); // it is another chunk's now
                _time.Advance(Piece);
            }

            sent += await writing.AsTask().Within();
            Assert.Equal(_content[..sent], _inner.Bytes);
        }

        Assert.Equal((_content.Length, 4), (_inner.Bytes.Length, source.GivenBack));
        Assert.Equal(0, _sends.HeldBytes);
    }

    [Fact]
    public async Task Write_SourceIsGivenBackWhileTheClientIsSlow_NoByteAfterItIsSent()
    {
        using var output = Create();
        var source = new Source();
        _inner.RecallAfter = () => 1000;

        Assert.Equal(1000, await output.WriteAsync(_content, source, Now));

        _inner.RecallAfter = () => null;
        Assert.Equal(1, source.GivenBack);
        Assert.Equal(3096, await output.WriteAsync(_content.AsMemory(1000, 3096), source, Now)); // the rest of the burst is paid for
        Assert.Equal(_content[..4096], _inner.Bytes);
        Assert.Equal(0, _time.Waits);
    }

    [Fact]
    public async Task Write_ClientLeavesWhileItWaits_EndsAndGivesItsBytesBack()
    {
        using var cancellation = new CancellationTokenSource();
        using (var output = Create())
        {
            var writing = output.WriteAsync(_content, cancellation.Token).AsTask();
            await _time.WhenWaitedAsync(1);

            await cancellation.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.Within());
            Assert.Equal(4 * KiB, output.BytesWritten);
        }

        _bucket.Take(KiB, out var delay);
        Assert.Equal(Piece, delay);
    }

    [Fact]
    public async Task Write_TwoResponsesOfOneClient_ShareTheRate()
    {
        using var second = new FakeBodyOutput();
        using var one = Create();
        using var two = new ShapedBodyOutput(new DefaultHttpContext(), second, new BytePace(_bucket), _limits, _sends, _time);
        var writing = Task.WhenAll(WriteAsync(one), WriteAsync(two));

        for (var piece = 1; piece <= 12; piece++)
        {
            await _time.WhenWaitedAsync(piece < 8 ? piece + 1 : piece); // the first one gets the burst, and has its last piece with the seventh
            Assert.InRange(one.BytesWritten + two.BytesWritten, 0, (3 + piece) * KiB);
            _time.Advance(Piece);
        }

        await writing.Within();
        Assert.Equal(_content, _inner.Bytes);
        Assert.Equal(_content, second.Bytes);
    }

    private ShapedBodyOutput Create() => new(new DefaultHttpContext(), _inner, new BytePace(_bucket), _limits, _sends, _time);

    private async Task<int> WriteAsync(ShapedBodyOutput output)
    {
        await output.WriteAsync(_content, Now);
        return _content.Length;
    }

    private sealed class Source : ISendSource
    {
        public int GivenBack { get; private set; }

        public long HeldBytes => 100;

        public HeldConnection Connection => HeldConnection.None;

        public void GiveBack() => GivenBack++;
    }
}
