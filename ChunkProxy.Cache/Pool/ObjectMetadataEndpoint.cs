using System.Globalization;
using ChunkProxy.Cache.Objects;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Pool;

/// <summary>Tells another member the current version of an object, from this process's knowledge or from the origin.</summary>
internal sealed class ObjectMetadataEndpoint(ObjectFinder objects, KnownObjects known, PurgeLedger purges, SiteTable sites) : IPoolEndpoint
{
    public string Path => PoolProtocol.ObjectPath;

    public async Task AnswerAsync(HttpContext context)
    {
        if (PoolFields.ReadId(context.Request, sites) is not { } id)
        {
            await PoolFailure.WriteBadRequestAsync(context, sites).ConfigureAwait(false);
            return;
        }

        if (PoolFields.ReadGeneration(context.Request) is { } generation)
        {
            purges.Add(id, generation);
        }

        if (context.Request.Headers[PoolProtocol.Version] is [{ } contradicted])
        {
            known.ForgetOutdated(id, contradicted);
        }

        var fields = PoolFields.ReadRequestFields(context.Request);
        ObjectLookup found;
        if (!context.Request.Headers.ContainsKey(PoolProtocol.OnlyIfCached))
        {
            PoolFields.FollowClient(context.Request);
            found = await objects.FindForPeerAsync(id, fields, PoolFields.ReadFirstByte(context.Request), context.RequestAborted).ConfigureAwait(false);
        }
        else if (!known.TryFind(id, fields, out found) || found.Version is null)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await WriteAsync(context, found).ConfigureAwait(false);
    }

    private static async Task WriteAsync(HttpContext context, ObjectLookup found)
    {
        PoolFields.WriteLookup(context.Response, found);
        if (found.Version is { } version)
        {
            var record = VersionRecord.Encode(version);
            await PoolReply.WriteAsync(context, record).ConfigureAwait(false);
            return;
        }

        // A reply that was made for one client, and has gone to that client: the asking process must ask the origin for its own.
        var reply = found.Reply as KeptReply;
        var isTaken = reply is not null && !reply.TryTake();
        if (found.IsPassThrough || isTaken)
        {
            context.Response.Headers[PoolProtocol.PassThrough] = "1";
        }

        context.Response.Headers[PoolProtocol.OriginStatus] = found.OriginStatus.ToString(CultureInfo.InvariantCulture);
        if (reply is not null && !isTaken)
        {
            await PoolFailure.WriteAsync(context, found.Error, ReplyRecord.Encode(reply), isReply: true).ConfigureAwait(false);
            return;
        }

        await PoolFailure.WriteAsync(context, found.Error, found.Reason ?? "").ConfigureAwait(false);
    }
}
