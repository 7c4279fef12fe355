using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using ChunkProxy.Web.Clients;
using ChunkProxy.Web.Tests.Http.Sending;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Web.Tests.Clients;

/// <summary>One connection with the PROXY protocol, without a server.</summary>
public sealed class ProxyProtocolTests : IAsyncDisposable
{
    private static readonly IPEndPoint Peer = IPEndPoint.Parse("10.0.0.1:5000");
    private static readonly byte[] Header = "PROXY TCP4 198.51.100.7 10.0.0.1 4711 80\r\n"u8.ToArray();

    private readonly FakeTimeProvider _time = new();
    private readonly Pipe _input = new();
    private readonly Connection _connection;
    private readonly TaskCompletionSource<byte[]> _served = new();

    public ProxyProtocolTests() => _connection = new Connection(_input.Reader) { RemoteEndPoint = Peer };

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    [Fact]
    public async Task Serve_HeaderComesByteByByte_NextHasTheClientAndTheRest()
    {
        var serving = Serve(null);
        foreach (var next in Header)
        {
            await SendAsync(new[] { next });
        }

        await SendAsync("GET /"u8.ToArray());
        await _input.Writer.CompleteAsync();

        Assert.Equal("GET /"u8.ToArray(), await _served.Task.Within());
        await serving.Within();
        Assert.Equal(IPEndPoint.Parse("198.51.100.7:4711"), _connection.RemoteEndPoint);
        Assert.False(_connection.IsAborted);
    }

    [Fact]
    public async Task Serve_HeaderAndRequestComeTogether_NextHasTheRequest()
    {
        await SendAsync((byte[])[.. Header, .. "GET /"u8]);
        await _input.Writer.CompleteAsync();

        await Serve("10.0.0.0/8").Within();

        Assert.Equal("GET /"u8.ToArray(), await _served.Task);
    }

    [Fact]
    public async Task Serve_ProxyDoesNotName_AddressIsThePeers()
    {
        await SendAsync("PROXY UNKNOWN\r\n"u8.ToArray());
        await _input.Writer.CompleteAsync();

        await Serve(null).Within();

        Assert.Empty(await _served.Task);
        Assert.Equal(Peer, _connection.RemoteEndPoint);
    }

    [Fact]
    public async Task Serve_PeerIsNotTrusted_IsClosed()
    {
        await SendAsync(Header);

        await Serve("10.0.0.2").Within();

        AssertClosed();
    }

    [Fact]
    public async Task Serve_NoHeader_IsClosedWithItsFirstByte()
    {
        await SendAsync("G"u8.ToArray());

        await Serve(null).Within();

        AssertClosed();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public async Task Serve_HeaderIsLate_IsClosed(int bytes)
    {
        await SendAsync(Header.AsMemory(0, bytes));
        var serving = Serve(null);

        _time.Advance(ProxyProtocol.Patience - TimeSpan.FromTicks(1));
        Assert.False(serving.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));

        await serving.Within();
        AssertClosed();
    }

    [Fact]
    public async Task Serve_HeaderIsComplete_HasNoTimeLimitAnyMore()
    {
        await SendAsync(Header);
        var serving = Serve(null);

        _time.Advance(TimeSpan.FromHours(1));
        await _input.Writer.CompleteAsync();

        await serving.Within();
        Assert.False(_connection.IsAborted);
    }

    [Fact]
    public async Task Serve_PeerEndsBeforeTheHeader_IsClosed()
    {
        await SendAsync(Header.AsMemory(0, 5));
        await _input.Writer.CompleteAsync();

        await Serve(null).Within();

        AssertClosed();
    }

    [Fact]
    public async Task Serve_SlotIsNeededForAnother_IsClosed()
    {
        var serving = Serve(null);

        _connection.RequestClose();

        await serving.Within();
        AssertClosed();
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _input.Writer.WriteAsync(bytes, TestContext.Current.CancellationToken);

    private void AssertClosed()
    {
        Assert.True(_connection.IsAborted);
        Assert.False(_served.Task.IsCompleted);
        Assert.Equal(Peer, _connection.RemoteEndPoint);
    }

    private Task Serve(string? trusted)
    {
        var options = Options.Create(new ClientOptions { ProxyProtocol = true, TrustedProxies = trusted });
        return new ProxyProtocol(new TrustedProxies(options), options, _time, NullLogger<ProxyProtocol>.Instance).ServeAsync(_connection, async connection =>
        {
            using var rest = new MemoryStream();
            await connection.Transport.Input.CopyToAsync(rest, TestContext.Current.CancellationToken);
            _served.SetResult(rest.ToArray());
        });
    }

    private sealed class Connection : DefaultConnectionContext, IConnectionLifetimeNotificationFeature
    {
        private readonly CancellationTokenSource _asked = new();

        public Connection(PipeReader input)
            : base("test", new Pipes(input, PipeWriter.Create(Stream.Null)), new Pipes(input, PipeWriter.Create(Stream.Null))) =>
            Features.Set<IConnectionLifetimeNotificationFeature>(this);

        public CancellationToken ConnectionClosedRequested
        {
            get => _asked.Token;
            set => throw new NotSupportedException();
        }

        public bool IsAborted { get; private set; }

        public override ValueTask DisposeAsync()
        {
            _asked.Dispose();
            return base.DisposeAsync();
        }

        public override void Abort(ConnectionAbortedException abortReason) => IsAborted = true;

        public void RequestClose() => _asked.Cancel();
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
