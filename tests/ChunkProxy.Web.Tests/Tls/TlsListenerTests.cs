using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Tls;
using ChunkProxy.Web.Settings;
using ChunkProxy.Web.Tests.Hosting;
using ChunkProxy.Web.Tests.Http.Sending;
using ChunkProxy.Web.Tls;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChunkProxy.Web.Tests.Tls;

/// <summary>Bodies on TLS connections.</summary>
public sealed class TlsListenerTests : IAsyncLifetime
{
    private const int ChunkSize = 256 * 1024;
    private const int FullRecord = 16 * 1024;

    private readonly TemporaryFolder _folder = new();
    private CertificateStore _certificates = null!;
    private FrontEndHost _host = null!;
    private FakeObject _film = null!;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var options = new TlsOptions { Certificate = TestCertificate.For("localhost").WriteOneFile(_folder.Combine("node.pem")) };
        _certificates = new CertificateStore(options, TimeProvider.System, NullLogger<CertificateStore>.Instance);
        _host = await FrontEndHost.StartAsync(options => options.LendMemory = false, listen: listener => listener.UseTls(_certificates));
        _film = _host.Reader.Add(FakeObject.Film((32 * ChunkSize) - 777, ChunkSize, new ChunkScript { IsHot = true }));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _certificates.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    public async Task Get_ManyRangesAtOnce_EachHasItsBytes(int major, int minor)
    {
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null } })
        {
            DefaultRequestVersion = new Version(major, minor),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        await Task.WhenAll(Enumerable.Range(0, 24).Select(async i =>
        {
            var (start, length) = (i * 100_003, (i * 77_777) + 1);
            using var request = new HttpRequestMessage(HttpMethod.Get, $"https://localhost:{_host.Port}/film");
            request.Headers.Range = new(start, start + length - 1);
            using var response = await client.SendAsync(request, Now);
            Assert.Equal(_film.Content[start..(start + length)], await response.Content.ReadAsByteArrayAsync(Now));
        }));
        await _host.Reader.AllLeasesReturnedAsync();
    }

    [Fact]
    public async Task Get_Film_IsSentInFullRecords()
    {
        using var connection = await TlsConnection.OpenAsync(_host.Port);
        await connection.SendAsync("GET /film HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");

        var answer = await connection.ReadToEndAsync();

        Assert.Equal(_film.Content, answer[^_film.Content.Length..]);
        Assert.InRange(connection.RecordsOf(bytes => bytes >= FullRecord), _film.Content.Length / FullRecord * 9 / 10, int.MaxValue);
    }

    [Fact]
    public async Task Get_TwoRequestsInOneRecord_AreAnsweredInOrder()
    {
        using var connection = await TlsConnection.OpenAsync(_host.Port);
        await connection.SendAsync(
            "GET /film HTTP/1.1\r\nHost: test\r\nRange: bytes=0-199999\r\n\r\nGET /film HTTP/1.1\r\nHost: test\r\nRange: bytes=200000-399999\r\nConnection: close\r\n\r\n");

        var answer = await connection.ReadToEndAsync();

        Assert.Equal(_film.Content[200_000..400_000], answer[^200_000..]);
        Assert.InRange(answer.AsSpan().IndexOf(_film.Content.AsSpan(0, 200_000)), 1, 2000);
    }

    [Fact]
    public async Task Get_ClientReadsNothing_IsAbortedAfterTheWriteTimeout()
    {
        using var connection = await TlsConnection.OpenAsync(_host.Port);
        await connection.SendAsync("GET /film HTTP/1.1\r\nHost: test\r\n\r\n");

        using var clock = new Timer(_ => _host.Time.Advance(TimeSpan.FromSeconds(20)), null, 0, 20); // nothing signals when the write is pending
        await _host.FiguresAsync(figures => figures.Stalled == 1);

        await _host.Reader.AllLeasesReturnedAsync();
    }

    [Fact]
    public async Task Get_ClientDisconnects_LeasesAreReturned()
    {
        using (var connection = await TlsConnection.OpenAsync(_host.Port))
        {
            await connection.SendAsync("GET /film HTTP/1.1\r\nHost: test\r\n\r\n");
            await _host.Reader.UntilAsync(() => _host.Reader.Lent > 0, "the film is being sent");
        }

        await _host.FiguresAsync(figures => figures.Gone == 1); // the film is larger than all buffers on its way
        await _host.Reader.AllLeasesReturnedAsync();
    }

    /// <summary>A client that sees the records of its connection.</summary>
    private sealed class TlsConnection : IDisposable
    {
        private readonly TcpClient _client;
        private readonly Recording _records;
        private readonly SslStream _tls;

        private TlsConnection(TcpClient client)
        {
            _client = client;
            _records = new Recording(client.GetStream());
            _tls = new SslStream(_records, leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
        }

        public static async Task<TlsConnection> OpenAsync(int port)
        {
            var client = new TcpClient { ReceiveBufferSize = 64 * 1024 };
            await client.ConnectAsync("127.0.0.1", port).Within();
            var connection = new TlsConnection(client);
            await connection._tls.AuthenticateAsClientAsync("localhost").Within();
            return connection;
        }

        public Task SendAsync(string text) => _tls.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask().Within();

        public async Task<byte[]> ReadToEndAsync()
        {
            using var all = new MemoryStream();
            await _tls.CopyToAsync(all, Now).Within();
            return all.ToArray();
        }

        public int RecordsOf(Func<int, bool> size) => _records.Sizes().Count(size);

        public void Dispose()
        {
            _tls.Dispose();
            _client.Dispose();
        }
    }

    /// <summary>Keeps what is received.</summary>
    private sealed class Recording(NetworkStream stream) : Stream
    {
        private const int HeaderLength = 5;

        private readonly MemoryStream _received = new();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        /// <summary>The sizes of the records, encrypted, without their headers (RFC 8446 §5.1).</summary>
        public IEnumerable<int> Sizes()
        {
            var bytes = _received.ToArray();
            for (var at = 0; at + HeaderLength <= bytes.Length;)
            {
                var size = (bytes[at + 3] << 8) | bytes[at + 4];
                yield return size;
                at += HeaderLength + size;
            }
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await stream.ReadAsync(buffer, cancellationToken);
            _received.Write(buffer.Span[..read]);
            return read;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => stream.WriteAsync(buffer, cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => stream.Write(buffer, offset, count);

        public override void Flush() => stream.Flush();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            stream.Dispose();
            base.Dispose(disposing);
        }
    }
}
