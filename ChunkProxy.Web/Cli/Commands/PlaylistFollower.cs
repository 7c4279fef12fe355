using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using ChunkProxy.Web.Cli.Playlists;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Reads playlists through the node, so that they are cached, and returns the objects that they name.</summary>
/// <remarks>A multivariant playlist names media playlists, and these name segments: no playlist is followed deeper.</remarks>
internal sealed class PlaylistFollower(NodeClient node, RenditionChoice choice, bool withIFrames, WarmTally tally, WarmRunView view)
{
    /// <summary>Most objects of one run, playlists included.</summary>
    public const int MostObjects = 1_000_000;

    private readonly HashSet<string> _found = new(StringComparer.Ordinal); // playlists of this run

    /// <summary>Follows a playlist. A playlist that cannot be followed counts as a failed object.</summary>
    /// <exception cref="CommandFailure">The node does not answer, or rejects the key.</exception>
    public async IAsyncEnumerable<WarmItem> FollowAsync(WarmItem entry, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!_found.Add(entry.Key))
        {
            tally.Expect(-1);
            yield break;
        }

        var isUrl = ObjectPath.IsUrl(entry.Name);
        var origin = ObjectPath.Split(entry.Name).Origin;
        var queue = new Queue<Playlist>([new Playlist(entry, PlaylistName.FormatOf(entry.Name) ?? PlaylistFormat.Hls, AddressOf(entry, isUrl), IsEntry: true, Variables: null)]);
        while (queue.TryDequeue(out var playlist))
        {
            if (await ReadAsync(playlist, cancellationToken) is not var (content, variables))
            {
                continue;
            }

            foreach (var address in content.Playlists.Where(address => IsHere(address, playlist.Address!)))
            {
                var item = ItemAt(address, null, isUrl, origin);
                if (_found.Add(item.Key))
                {
                    tally.Expect(1);
                    queue.Enqueue(new Playlist(item, PlaylistFormat.Hls, address, IsEntry: false, variables));
                }
            }

            foreach (var reference in Here(content, playlist))
            {
                yield return ItemAt(reference.Address, reference.Bytes, isUrl, origin) with { MayBeUncacheable = reference.IsKey };
            }
        }
    }

    private static WarmItem ItemAt(Uri address, ByteSpan? bytes, bool isUrl, string origin) => new(isUrl ? address.AbsoluteUri : origin + address.PathAndQuery, bytes?.ToString());

    // A path belongs to the node, whatever its name is for clients.
    private Uri? AddressOf(WarmItem entry, bool isUrl) =>
        isUrl ? Uri.TryCreate(entry.Name, UriKind.Absolute, out var address) ? address : null : UriReference.Resolve(node.Address, ObjectPath.Split(entry.Name).Path);

    private List<ObjectReference> Here(PlaylistContent content, Playlist playlist)
    {
        List<ObjectReference> here = [.. content.Objects.Where(reference => IsHere(reference.Address, playlist.Address!))];
        if (tally.Known + here.Count > MostObjects)
        {
            tally.Expect(1);
            tally.HasFailed($"{playlist.Item}: its segments are too many: a run takes {MostObjects} objects");
            return [];
        }

        tally.Expect(here.Count);
        return here;
    }

    private bool IsHere(Uri address, Uri playlist)
    {
        var isHere = address.Host == playlist.Host && (address.Port == playlist.Port || (address.IsDefaultPort && playlist.IsDefaultPort));
        if (!isHere)
        {
            tally.HasSkipped(address.Authority);
        }

        return isHere;
    }

    private async Task<(PlaylistContent Content, HlsVariables? Variables)?> ReadAsync(Playlist playlist, CancellationToken cancellationToken)
    {
        try
        {
            var address = playlist.Address ?? throw new PlaylistException("it is not a URL");
            var text = await node.ReadTextAsync(playlist.Item.Path, cancellationToken);
            var (content, variables) = Parse(text, address, playlist);
            tally.HasDone();
            tally.HasBytes(Encoding.UTF8.GetByteCount(text));
            tally.HasSkippedSchemes(content.OtherSchemes);
            view.HasRead(playlist.Item, content);
            return (content, variables);
        }
        catch (CommandFailure failure) when (failure.Status is not (null or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
        {
            tally.HasFailed($"{playlist.Item}: {failure.Message}");
            return null;
        }
        catch (PlaylistException invalid)
        {
            tally.HasFailed($"{playlist.Item}: {invalid.Message}");
            return null;
        }
    }

    private (PlaylistContent Content, HlsVariables? Variables) Parse(string text, Uri address, Playlist playlist)
    {
        if (playlist.Format is PlaylistFormat.Dash)
        {
            return (DashManifest.Read(text, address, choice, withIFrames), null);
        }

        var read = HlsPlaylist.Read(text, address, choice, withIFrames, playlist.Variables);
        return playlist.IsEntry || read.Content.Playlists is []
            ? (read.Content, read.Variables)
            : throw new PlaylistException("it is a multivariant playlist, and another one names it");
    }

    private sealed record Playlist(WarmItem Item, PlaylistFormat Format, Uri? Address, bool IsEntry, HlsVariables? Variables);
}
