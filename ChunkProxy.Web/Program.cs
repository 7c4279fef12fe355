using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.ZeroCopy;
using ChunkProxy.Web.Cli;
using ChunkProxy.Web.Cli.Commands;
using ChunkProxy.Web.Hosting;
using ChunkProxy.Web.Settings;

InlineCompletions.Enable();
switch (CommandLineParser.Parse(args))
{
    case ParsedCommandLine.Serve serve:
        return await ChunkProxyProcess.ServeAsync(serve.Settings, Console.Out, Console.Error);
    case ParsedCommandLine.Sample sample:
        return await SampleProcess.ServeAsync(sample.Settings, Console.Out, Console.Error);
    case ParsedCommandLine.Check check:
        return await ChunkProxyProcess.CheckAsync(check.Settings, Console.Out, Console.Error);
    case ParsedCommandLine.Ask ask:
        return await NodeCommandProcess.RunAsync(ask.Command, ask.Arguments);
    case ParsedCommandLine.Refused refused:
        await Console.Error.WriteLineAsync($"chunkproxy: {refused.Reason}");
        return StartFailure.WrongSetting;
    case ParsedCommandLine.Complete completion:
        await Console.Out.WriteAsync(completion.Script);
        return 0;
    case ParsedCommandLine.Version:
        await Console.Out.WriteLineAsync(ProductVersion.Line);
        return 0;
    default:
        await Console.Out.WriteLineAsync(HelpPage.Text);
        return 0;
}
