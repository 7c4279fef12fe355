namespace ChunkProxy.AppHost.Tests.Running;

/// <summary>A film that is being read from its beginning, every byte compared.</summary>
internal sealed class OpenFilm : IAsyncDisposable
{
    private const int Piece = 1_000_000;

    private readonly HttpResponseMessage _response;
    private readonly Stream _body;
    private long _position;

    private OpenFilm(HttpResponseMessage response, Stream body) => (_response, _body) = (response, body);

    /// <summary>Starts reading; returns when the first bytes have arrived.</summary>
    public static async Task<OpenFilm> StartAsync(RunningCluster cluster, CancellationToken cancellationToken)
    {
        var response = await cluster.Client.GetAsync(FilmBytes.Path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var film = new OpenFilm(response, await response.Content.ReadAsStreamAsync(cancellationToken));
        await film.ReadAsync(Piece, cancellationToken);
        return film;
    }

    public async Task ReadAsync(int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[Piece];
        for (var end = _position + length; _position < end; _position += Piece)
        {
            await _body.ReadExactlyAsync(bytes, cancellationToken);
            Assert.True(FilmBytes.AreThere(_position, bytes), $"other bytes after {_position}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _body.DisposeAsync();
        _response.Dispose();
    }
}
