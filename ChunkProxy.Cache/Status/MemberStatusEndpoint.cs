using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;

namespace ChunkProxy.Cache.Status;

/// <summary>Reports the state of this process to other members.</summary>
internal sealed class MemberStatusEndpoint(ProcessFiguresReader figures) : IPoolEndpoint
{
    public string Path => PoolProtocol.StatusPath;

    public Task AnswerAsync(HttpContext context)
    {
        Untraced.Mark();
        return PoolReply.WriteJsonAsync(context, figures.Read(), StatusJson.Default.ProcessFigures);
    }
}
